import { type FormEvent, useRef, useState } from 'react';
import { type Act, type ActReply, newAct, performAct } from '../api/act.ts';
import { Problem } from '../api/client.ts';
import type { ActEntry, JsonObject } from '../api/types.ts';
import { useOverview } from '../board/overview.tsx';
import { useSpeech } from '../language/translate.ts';
import { Failure } from '../parts/Failure.tsx';
import { SendRow } from '../parts/SendRow.tsx';
import { Field } from './fields/Field.tsx';
import type { FieldProps } from './fields/field-parts.tsx';
import {
  type Draft,
  type DraftObject,
  emptyDraft,
  type FormFault,
  readDraft,
} from './form-values.ts';

interface Props {
  readonly entry: ActEntry;
  /** What is known already. Such fields are filled in; those in `fixed` are not asked for. */
  readonly known: JsonObject;
  readonly fixed?: readonly string[];
  /** Fields that choose among a few, by what is on record. */
  readonly choices?: FieldProps['choices'];
  /** The field that names the new thing, when the act begins one. */
  readonly fresh?: string | null;
  readonly onDone: (reply: ActReply) => void;
  readonly onCancel?: () => void;
}

/** The form of an act, made from its schema. Enter sends it; in a list of codes Ctrl and Enter. */
export function ActForm({
  entry,
  known,
  fixed = [],
  choices = {},
  fresh = null,
  onDone,
  onCancel,
}: Props) {
  const { t, label } = useSpeech();
  const [draft, setDraft] = useState<DraftObject>(() => emptyDraft(entry.schema, known));
  const [faults, setFaults] = useState<readonly FormFault[]>([]);
  const sending = useSending(onDone);
  const form = useRef<HTMLFormElement>(null);
  function submit(event: FormEvent) {
    event.preventDefault();
    const read = readDraft(entry.schema, draft);
    setFaults(read.faults);
    if (read.faults.length > 0) {
      queueMicrotask(() =>
        form.current?.querySelector<HTMLElement>('[data-invalid] :is(input, textarea)')?.focus(),
      );
      return;
    }
    sending.send(entry, read.body);
  }
  const change = (name: string, value: Draft) => setDraft((last) => ({ ...last, [name]: value }));
  const asked = fieldsOf(entry).filter(([name]) => !fixed.includes(name));
  const first = asked.find(([name]) => (draft[name] ?? '') === '') ?? asked[0];
  return (
    <form ref={form} className="form act-form" onSubmit={submit} noValidate>
      {asked.map(([name, schema]) => (
        <Field
          key={name}
          name={name}
          schema={schema}
          required={entry.schema.required?.includes(name) === true}
          draft={draft[name] ?? ''}
          onChange={(value) => change(name, value)}
          path={`/${name}`}
          faults={[...faults, ...serverFaults(sending.failure)]}
          autoFocus={name === first?.[0]}
          fresh={fresh}
          choices={choices}
        />
      ))}
      {entry.kind === 'claim' ? <p className="soft small">{t('form.claim')}</p> : null}
      <Failure of={sending.failure} />
      <SendRow
        verb={label(entry.label)}
        busy={sending.busy}
        autoFocus={asked.length === 0}
        onCancel={onCancel}
      />
    </form>
  );
}

/** Required fields first, each group in the order of the schema. */
function fieldsOf({ schema }: ActEntry) {
  const fields = Object.entries(schema.properties ?? {});
  const isRequired = ([name]: (typeof fields)[number]) => schema.required?.includes(name) === true;
  return [...fields.filter(isRequired), ...fields.filter((field) => !isRequired(field))];
}

/** The field that the server named, when it refused for the form of a field. */
function serverFaults(failure: unknown): readonly FormFault[] {
  if (!(failure instanceof Problem) || failure.where === null) return [];
  const path = failure.where.replace(/^\/act(?=\/)/, '');
  return [{ path, fault: 'pattern' }];
}

interface Sending {
  readonly busy: boolean;
  readonly failure: unknown;
  readonly send: (entry: Pick<ActEntry, 'room' | 'act'>, body: JsonObject) => void;
}

/**
 * Sends acts. An act that got no answer keeps its id: sent again unchanged it is the same act, so
 * that nothing happens twice; changed, it is a new one.
 */
export function useSending(onDone: (reply: ActReply) => void): Sending {
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<unknown>(null);
  const { refetch } = useOverview();
  const last = useRef<Act | null>(null);
  function send({ room, act }: Pick<ActEntry, 'room' | 'act'>, body: JsonObject) {
    const text = JSON.stringify([room, act, body]);
    const before = last.current;
    const same = before !== null && JSON.stringify([before.room, before.act, before.body]) === text;
    const next = same ? before : newAct(room, act, body);
    last.current = next;
    void perform(next);
  }
  async function perform(act: Act) {
    setBusy(true);
    setFailure(null);
    try {
      const reply = await performAct(act);
      last.current = null;
      setBusy(false);
      // A new round or place shows in the header at once, not with the next news.
      refetch();
      onDone(reply);
    } catch (error) {
      // A refusal is an answer: trying again is a new act, decided anew.
      if (error instanceof Problem) last.current = null;
      setBusy(false);
      setFailure(error);
    }
  }
  return { busy, failure, send };
}
