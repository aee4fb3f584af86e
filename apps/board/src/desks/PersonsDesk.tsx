import { useState } from 'react';
import { Button, Checkbox, FileTrigger } from 'react-aria-components';
import { queryText, request } from '../api/client.ts';
import type { FileFault, ImportReply } from '../api/types.ts';
import { useOverview } from '../board/overview.tsx';
import { useDomain } from '../language/domain.ts';
import { useSpeech } from '../language/translate.ts';
import { offerFile, toCsv } from '../lists/csv.ts';
import { Failure } from '../parts/Failure.tsx';
import { Mark } from '../parts/Mark.tsx';
import { WalkInForm } from './WalkInForm.tsx';

/** The register of persons: a roster by file, and people who are on no roster. */
export function PersonsDesk() {
  return (
    <div className="persons-desk">
      <ImportFile />
      <WalkInForm />
    </div>
  );
}

type Outcome =
  | { readonly kind: 'none' }
  | { readonly kind: 'busy'; readonly name: string }
  | { readonly kind: 'failed'; readonly error: unknown }
  | { readonly kind: 'done'; readonly name: string; readonly reply: ImportReply };

const files = {
  persons: { path: '/imports/persons', hint: 'import.persons-hint' },
  places: { path: '/imports/places', hint: 'import.places-hint' },
} as const;

function ImportFile() {
  const { t } = useSpeech();
  const { refetch } = useOverview();
  const [createPlaces, setCreatePlaces] = useState(false);
  const [outcome, setOutcome] = useState<Outcome>({ kind: 'none' });
  async function send(what: keyof typeof files, file: File) {
    setOutcome({ kind: 'busy', name: file.name });
    const query = what === 'persons' && createPlaces ? queryText({ createPlaces }) : '';
    try {
      const reply = await request<ImportReply>(`${files[what].path}${query}`, {
        method: 'POST',
        body: file,
        contentType: file.name.endsWith('.xlsx') ? xlsxType : 'text/csv',
        minutesMax: importMinutesMax,
      });
      setOutcome({ kind: 'done', name: file.name, reply });
      refetch();
    } catch (error) {
      setOutcome({ kind: 'failed', error });
    }
  }
  const busy = outcome.kind === 'busy';
  return (
    <section className="act-sheet form" aria-label={t('import.title')}>
      <h2>{t('import.title')}</h2>
      {(['persons', 'places'] as const).map((what) => (
        <div className="field" key={what}>
          <FileTrigger
            acceptedFileTypes={['.csv', '.txt', '.xlsx']}
            onSelect={(chosen) => {
              const file = chosen?.[0];
              if (file !== undefined) void send(what, file);
            }}
          >
            <Button className={what === 'persons' ? 'button primary' : 'button'} isPending={busy}>
              {t(`import.${what}`)}
            </Button>
          </FileTrigger>
          <span className="hint">{t(files[what].hint)}</span>
        </div>
      ))}
      <Checkbox className="checkbox" isSelected={createPlaces} onChange={setCreatePlaces}>
        {t('import.create-places')}
      </Checkbox>
      {busy ? <p role="status">{t('import.busy', { name: outcome.name })}</p> : null}
      {outcome.kind === 'failed' ? <Failure of={outcome.error} /> : null}
      {outcome.kind === 'done' ? <Imported name={outcome.name} reply={outcome.reply} /> : null}
    </section>
  );
}

const xlsxType = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
/** A district's roster of two million rows takes some two minutes; a slow line may take ten. */
const importMinutesMax = 30;

function Imported({ name, reply }: { name: string; reply: ImportReply }) {
  const { t, count } = useSpeech();
  const figures = [
    ['import.rows', reply.rows],
    ['import.imported', reply.imported],
    ['import.updated', reply.updated],
    ['import.unchanged', reply.unchanged ?? 0],
    ['import.rejected', reply.rejected],
    ['import.places-made', reply.placesMade ?? 0],
  ] as const;
  return (
    <div className="imported" role="status">
      <p>
        <Mark state="done" word={false} /> {t('import.done', { name })}
      </p>
      <dl className="fields import-figures">
        {figures.map(([key, value]) => (
          <div key={key}>
            <dt>{t(key)}</dt>
            <dd>{count(value)}</dd>
          </div>
        ))}
      </dl>
      {reply.faultCount === 0 ? null : <Faults name={name} reply={reply} />}
    </div>
  );
}

const faultsShown = 20;

function Faults({ name, reply }: { name: string; reply: ImportReply }) {
  const { t } = useSpeech();
  const { findingText } = useDomain();
  const words = ({ code, reason }: FileFault) => {
    const text = findingText({ code });
    return text === code ? reason : text;
  };
  const save = () => {
    const heads = ['row', 'column', 'value', 'code', 'reason'];
    const rows = reply.faults.map((fault) => {
      return [fault.row, fault.column, fault.value, fault.code, words(fault)];
    });
    offerFile(`${name.replace(/\.\w+$/, '')}-errors.csv`, toCsv(heads, rows));
  };
  return (
    <>
      <table className="table">
        <thead>
          <tr>
            <th scope="col" className="number">
              {t('fault.row')}
            </th>
            <th scope="col">{t('fault.column')}</th>
            <th scope="col">{t('fault.value')}</th>
            <th scope="col">{t('column.reason')}</th>
          </tr>
        </thead>
        <tbody>
          {reply.faults.slice(0, faultsShown).map((fault, index) => (
            <tr key={index}>
              <td className="number">{fault.row}</td>
              <td>{fault.column}</td>
              <td>{fault.value}</td>
              <td>{words(fault)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <div className="button-row">
        <Button className="button" onPress={save}>
          {t('import.save-errors', { count: reply.faults.length })}
        </Button>
        {reply.faultCount <= reply.faults.length ? null : (
          <span className="soft">
            {t('import.more-errors', { count: reply.faultCount - reply.faults.length })}
          </span>
        )}
      </div>
    </>
  );
}
