import { type FormEvent, useState } from 'react';
import { Input, Label, TextField } from 'react-aria-components';
import { requestFile } from '../api/client.ts';
import type { LabelRunRow, LabelShelf } from '../api/types.ts';
import { useMoments } from '../language/moments.ts';
import { useSpeech } from '../language/translate.ts';
import { offerFile } from '../lists/csv.ts';
import { Choice } from '../parts/Choice.tsx';
import { Failure } from '../parts/Failure.tsx';
import { Notice, Shown } from '../parts/Notice.tsx';
import { PlaceName } from '../parts/PlaceName.tsx';
import { SendRow } from '../parts/SendRow.tsx';
import { type Resource, useResource } from '../resource.ts';

const kinds = ['tube', 'box', 'person'] as const;

/** Labels of unique numbers, as files for a printer, and what was printed before. */
export function LabelsDesk() {
  const shelf = useResource<LabelShelf>('/labels');
  return (
    <Shown of={shelf}>
      {(data) => (
        <>
          <PrintForm shelf={data} reload={shelf.refetch} />
          <Runs rows={data.rows} />
        </>
      )}
    </Shown>
  );
}

interface FormProps {
  readonly shelf: LabelShelf;
  readonly reload: Resource<LabelShelf>['refetch'];
}

function PrintForm({ shelf, reload }: FormProps) {
  const { t, label } = useSpeech();
  const [kind, setKind] = useState<string>('tube');
  const [count, setCount] = useState('65');
  const [place, setPlace] = useState('');
  const [layout, setLayout] = useState(shelf.layouts[0]?.name ?? '');
  const [symbol, setSymbol] = useState(shelf.symbols[0]?.name ?? '');
  const printing = usePrinting(reload);
  const onPage = shelf.layouts.find(({ name }) => name === layout)?.onPage ?? 1;
  function submit(event: FormEvent) {
    event.preventDefault();
    const what = kind === 'person' ? { place: place.trim() } : { count: Number(count) };
    printing.print({ kind, layout, symbol, ...what });
  }
  return (
    <form className="form act-sheet" onSubmit={submit}>
      <h2>{t('labels.print')}</h2>
      <Choice
        label={t('labels.kind')}
        value={kind}
        options={kinds.map((id) => ({ id, text: t(`labels.${id}`) }))}
        onChange={setKind}
      />
      {kind === 'person' ? (
        <TextField className="field" value={place} onChange={setPlace} isRequired>
          <Label>{t('labels.place')}</Label>
          <Input spellCheck={false} />
        </TextField>
      ) : (
        <TextField className="field" value={count} onChange={setCount} isRequired>
          <Label>{t('labels.count')}</Label>
          <Input inputMode="numeric" pattern="[0-9]*" />
          <span className="hint">
            {t('labels.pages', { pages: Math.ceil(Number(count) / onPage) || 0 })}
          </span>
        </TextField>
      )}
      <Choice
        label={t('labels.layout')}
        value={layout}
        options={shelf.layouts.map((each) => ({ id: each.name, text: label(each.label) }))}
        onChange={setLayout}
      />
      <Choice
        label={t('labels.symbol')}
        value={symbol}
        options={shelf.symbols.map((each) => ({ id: each.name, text: label(each.label) }))}
        onChange={setSymbol}
      />
      <p className="hint">{t('labels.scale')}</p>
      <Failure of={printing.failure} />
      {printing.printed === null ? null : (
        <Notice state="done">{t('labels.printed', { ...printing.printed })}</Notice>
      )}
      <SendRow verb={t('labels.print')} busy={printing.busy} />
    </form>
  );
}

function Runs({ rows }: { rows: readonly LabelRunRow[] }) {
  const { t, label, count } = useSpeech();
  const moment = useMoments();
  if (rows.length === 0) return <Notice state="done">{t('labels.none')}</Notice>;
  return (
    <div className="table-scroll">
      <h2 id="label-runs">{t('labels.runs')}</h2>
      <table className="table list-table" aria-labelledby="label-runs">
        <thead>
          <tr>
            <th scope="col">{t('labels.when')}</th>
            <th scope="col">{t('labels.kind')}</th>
            <th scope="col" className="number">
              {t('labels.count')}
            </th>
            <th scope="col">{t('labels.numbers')}</th>
            <th scope="col">{t('labels.layout')}</th>
            <th scope="col">{t('labels.who')}</th>
            <th scope="col">{t('labels.again')}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.run}>
              <td>{moment(row.madeAt)}</td>
              <td>{t(`labels.${row.kind}`)}</td>
              <td className="number">{count(row.count)}</td>
              <td>
                {row.place === null ? `${row.first} – ${row.last}` : <PlaceName code={row.place} />}
              </td>
              <td>{label(row.layoutLabel)}</td>
              <td>{row.account}</td>
              <td>
                <a
                  href={`/v1/labels/${encodeURIComponent(row.run)}`}
                  target="_blank"
                  rel="noopener"
                >
                  {t('labels.again')}
                </a>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

interface Printed {
  readonly count: number;
  readonly first: string;
  readonly last: string;
}

interface Printing {
  readonly busy: boolean;
  readonly failure: unknown;
  readonly printed: Printed | null;
  readonly print: (order: object) => void;
}

/**
 * Prints once however often the button is pressed: an order keeps its number until it has been
 * answered, so one that is sent again after a broken line gets the same labels.
 */
function usePrinting(after: () => void): Printing {
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<unknown>(null);
  const [printed, setPrinted] = useState<Printed | null>(null);
  const [pending, setPending] = useState<{ readonly text: string; readonly run: string } | null>(
    null,
  );
  async function send(order: object) {
    const text = JSON.stringify(order);
    const run = pending?.text === text ? pending.run : crypto.randomUUID();
    setPending({ text, run });
    setBusy(true);
    setFailure(null);
    setPrinted(null);
    try {
      const body = { ...order, run };
      const { file, headers } = await requestFile('/labels', {
        method: 'POST',
        body,
        // Five thousand labels take a busy server half a minute and more.
        minutesMax: 5,
      });
      const of = (name: string) => headers.get(`x-sextant-label-${name}`) ?? '';
      offerFile(`labels-${of('first')}.pdf`, file);
      setPrinted({ count: Number(of('count')), first: of('first'), last: of('last') });
      setPending(null);
      after();
    } catch (error) {
      setFailure(error);
    }
    setBusy(false);
  }
  return { busy, failure, printed, print: (order) => void send(order) };
}
