import { type FormEvent, useState } from 'react';
import { Button } from 'react-aria-components';
import { request } from '../api/client.ts';
import type { Schema } from '../api/types.ts';
import { useScope } from '../board/overview.tsx';
import { useSpeech } from '../language/translate.ts';
import { Failure } from '../parts/Failure.tsx';
import { Mark } from '../parts/Mark.tsx';
import { SubjectLink } from '../parts/SubjectLink.tsx';
import { href } from '../route.ts';
import { Field } from './fields/Field.tsx';
import { type DraftObject, emptyDraft, type FormFault, readDraft } from './form-values.ts';

const text = { type: 'string', minLength: 1, maxLength: 120 };
const sexes = { anyOf: [{ const: '女' }, { const: '男' }] };

/** What is asked of somebody on no roster. The server folds and checks the values. */
const schema: Schema = {
  type: 'object',
  required: ['name', 'place'],
  properties: {
    name: text,
    place: text,
    room: text,
    sex: sexes,
    bornOn: text,
    documentType: text,
    documentNumber: text,
    phone: text,
  },
};

interface Reply {
  readonly person: number;
  readonly isNew: boolean;
}

/** Puts somebody on the register who came without being on a roster. */
export function WalkInForm() {
  const { t } = useSpeech();
  const { place, round } = useScope();
  const [draft, setDraft] = useState<DraftObject>(() => emptyDraft(schema, { place }));
  const [faults, setFaults] = useState<readonly FormFault[]>([]);
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<unknown>(null);
  const [made, setMade] = useState<Reply | null>(null);
  async function submit(event: FormEvent) {
    event.preventDefault();
    const read = readDraft(schema, draft);
    setFaults(read.faults);
    if (read.faults.length > 0) return;
    setBusy(true);
    setFailure(null);
    setMade(null);
    try {
      setMade(await request<Reply>('/persons', { method: 'POST', body: read.body }));
      setDraft(emptyDraft(schema, { place: String(draft['place'] ?? '') }));
    } catch (error) {
      setFailure(error);
    }
    setBusy(false);
  }
  return (
    <form className="act-sheet form" onSubmit={(event) => void submit(event)} noValidate>
      <h2>{t('walk-in.title')}</h2>
      <p className="soft">{t('walk-in.about')}</p>
      <div className="group-fields">
        {Object.entries(schema.properties ?? {}).map(([name, property]) => (
          <Field
            key={name}
            name={name}
            schema={property}
            required={schema.required?.includes(name) === true}
            draft={draft[name] ?? ''}
            onChange={(value) => setDraft((last) => ({ ...last, [name]: value }))}
            path={`/${name}`}
            faults={faults}
          />
        ))}
      </div>
      <Failure of={failure} />
      <div className="button-row">
        <Button type="submit" className="button primary" isPending={busy}>
          {t('walk-in.register')}
        </Button>
      </div>
      {made === null ? null : (
        <p className="done" role="status">
          <Mark state="done" word={false} />{' '}
          {t(made.isNew ? 'walk-in.made' : 'walk-in.known', { person: String(made.person) })}{' '}
          <SubjectLink subject={`person:${made.person}`} />{' '}
          <a
            href={href(['desk', 'sampling'], {
              act: 'screening.add-walk-in',
              person: made.person,
              round,
            })}
          >
            {t('walk-in.to-round')}
          </a>
        </p>
      )}
    </form>
  );
}
