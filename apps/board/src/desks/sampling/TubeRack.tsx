import { type FormEvent, useRef, useState } from 'react';
import { Button, Input, Label, TextField } from 'react-aria-components';
import { type Act, newAct, performAct } from '../../api/act.ts';
import { Problem } from '../../api/client.ts';
import { useCatalogue } from '../../catalogue.tsx';
import { useSpeech } from '../../language/translate.ts';
import { Failure } from '../../parts/Failure.tsx';
import { Mark } from '../../parts/Mark.tsx';
import { SubjectLink } from '../../parts/SubjectLink.tsx';
import { go, href } from '../../route.ts';
import { useSending } from '../ActForm.tsx';
import { scannedLines } from '../form-values.ts';
import type { Thing } from '../thing.ts';
import { Households } from './Households.tsx';

interface Seal {
  readonly poolSize: number;
  readonly members: readonly number[];
  readonly place: string;
  readonly round: string;
}

interface Props {
  readonly thing: Thing;
  readonly refetch: () => void;
}

/** A tube filling person by person, against its pool size. */
export function TubeRack({ thing, refetch }: Props) {
  const { t, count } = useSpeech();
  const seal = thing.state['seal'] as unknown as Seal | undefined; // shape of TubeReply, seen whole
  if (seal === undefined) return null;
  const tube = thing.subject.slice('tube:'.length);
  const { members, poolSize } = seal;
  const full = members.length >= poolSize;
  const slots = Math.max(poolSize, members.length);
  return (
    <section className="rack" aria-label={t('sampling.rack')}>
      <p className="rack-count">
        <span className="figure">{count(members.length)}</span>
        <span className="soft"> / {count(poolSize)}</span>{' '}
        <span>{t(full ? 'sampling.full' : 'sampling.people')}</span>
      </p>
      <ol className="slots">
        {Array.from({ length: slots }, (_, index) => (
          <Slot
            key={members[index] ?? `free ${index}`}
            person={members[index] ?? null}
            tube={thing.stage === 'open' ? tube : null}
            refetch={refetch}
          />
        ))}
      </ol>
      {thing.stage === 'open' ? (
        <Filling tube={tube} seal={seal} refetch={refetch} />
      ) : (
        <a
          className="button primary"
          href={href(['desk', 'sampling'], { act: 'screening.open-tube' })}
        >
          {t('sampling.next-tube')}
        </a>
      )}
    </section>
  );
}

interface SlotProps {
  readonly person: number | null;
  /** The tube while it is open; null when its people are final. */
  readonly tube: string | null;
  readonly refetch: () => void;
}

function Slot({ person, tube, refetch }: SlotProps) {
  const { t } = useSpeech();
  const undoing = useSending(refetch);
  if (person === null) {
    return (
      <li className="slot">
        <Mark state="waiting" word={false} />
      </li>
    );
  }
  const entry = { room: 'screening', act: 'remove-person' };
  const undo = () => undoing.send(entry, { tube, person, reason: t('sampling.undo-reason') });
  return (
    <li className="slot slot-taken">
      <Mark state="done" word={false} />
      <SubjectLink subject={`person:${person}`} short />
      {tube === null ? null : (
        <Button
          className="slot-undo"
          aria-label={t('sampling.undo', { person: String(person) })}
          isPending={undoing.busy}
          onPress={undo}
        >
          ×
        </Button>
      )}
    </li>
  );
}

interface FillingProps {
  readonly tube: string;
  readonly seal: Seal;
  readonly refetch: () => void;
}

function Filling({ tube, seal, refetch }: FillingProps) {
  const { t } = useSpeech();
  const adding = useAdding(tube, refetch);
  const [text, setText] = useState('');
  const [wrong, setWrong] = useState<string | null>(null);
  const field = useRef<HTMLInputElement>(null);
  const left = seal.poolSize - seal.members.length;
  function submit(event: FormEvent) {
    event.preventDefault();
    const lines = scannedLines(text);
    const bad = lines.find((line) => !/^\d{1,10}$/.test(line));
    setWrong(bad ?? null);
    if (bad !== undefined || lines.length === 0) return;
    adding.add(lines.map(Number));
    setText('');
    field.current?.focus();
  }
  return (
    <>
      <form className="person-form" onSubmit={submit}>
        <TextField
          className="field"
          value={text}
          onChange={setText}
          autoFocus
          isInvalid={wrong !== null}
        >
          <Label>{t('sampling.scan-person')}</Label>
          <Input
            ref={field}
            className="code big"
            inputMode="numeric"
            autoComplete="off"
            data-search
          />
          {wrong === null ? null : (
            <span className="field-error">{t('form.fault-number', { text: wrong })}</span>
          )}
        </TextField>
        <Button type="submit" className="button" isPending={adding.busy}>
          {t('sampling.add')}
        </Button>
      </form>
      <Failure of={adding.failure} />
      <SealButton
        tube={tube}
        ready={left <= 0}
        empty={seal.members.length === 0}
        refetch={refetch}
      />
      <Households
        near={seal.place}
        round={seal.round}
        taken={seal.members}
        room={left}
        onAdd={adding.add}
      />
    </>
  );
}

interface SealProps {
  readonly tube: string;
  readonly ready: boolean;
  readonly empty: boolean;
  readonly refetch: () => void;
}

function SealButton({ tube, ready, empty, refetch }: SealProps) {
  const { t, label } = useSpeech();
  const { data } = useCatalogue();
  const entry = data?.acts.find(({ room, act }) => room === 'screening' && act === 'seal-tube');
  const sending = useSending(() => {
    refetch();
    go(href(['desk', 'sampling'], { act: 'screening.open-tube' }));
  });
  if (entry === undefined) return null;
  return (
    <div className="seal-row">
      <Button
        className={ready ? 'button primary' : 'button'}
        isDisabled={empty}
        isPending={sending.busy}
        onPress={() => sending.send(entry, { tube })}
      >
        {label(entry.label)}
      </Button>
      <span className="reason">
        {empty ? t('sampling.seal-empty') : ready ? '' : t('sampling.seal-early')}
      </span>
      <Failure of={sending.failure} />
    </div>
  );
}

interface Adding {
  readonly busy: boolean;
  readonly failure: unknown;
  readonly add: (persons: readonly number[]) => void;
}

/**
 * Adds people one after another, so that the order of the swabs is the order on record. One who
 * is refused does not stop the others; when nobody answers, the rest waits for the next try.
 */
function useAdding(tube: string, refetch: () => void): Adding {
  const queue = useRef<Act[]>([]);
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<unknown>(null);
  async function work() {
    setBusy(true);
    let act = queue.current[0];
    while (act !== undefined) {
      try {
        await performAct(act);
      } catch (error) {
        setFailure(error);
        if (!(error instanceof Problem)) break;
      }
      queue.current.shift();
      act = queue.current[0];
      refetch();
    }
    setBusy(false);
  }
  function add(persons: readonly number[]) {
    setFailure(null);
    for (const person of persons) {
      queue.current.push(newAct('screening', 'add-person', { tube, person }));
    }
    if (!busy) void work();
  }
  return { busy, failure, add };
}
