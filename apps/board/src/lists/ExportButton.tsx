import { useState } from 'react';
import { Button } from 'react-aria-components';
import { useRefusal } from '../language/refusal.ts';
import { useSpeech } from '../language/translate.ts';
import type { Column } from '../parts/DataTable.tsx';
import { offerFile, toCsv } from './csv.ts';
import type { Pages } from './pages.ts';

interface Props<Row> {
  readonly name: string;
  readonly columns: readonly Column<Row>[];
  readonly pages: Pages<Row>;
}

/** Saves the whole list, not only the page on screen, as CSV. */
export function ExportButton<Row>({ name, columns, pages }: Props<Row>) {
  const { t } = useSpeech();
  const refusal = useRefusal();
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<string | null>(null);
  async function save() {
    setBusy(true);
    setFailure(null);
    try {
      const rows = await pages.all();
      const kept = columns.filter(({ screenOnly }) => screenOnly !== true);
      const heads = kept.map(({ head }) => head);
      const cells = rows.map((row) => kept.map(({ value }) => value(row)));
      offerFile(`${name}.csv`, toCsv(heads, cells));
    } catch (error) {
      setFailure(refusal(error));
    }
    setBusy(false);
  }
  return (
    <>
      {failure === null ? null : (
        <span className="field-error" role="alert">
          {failure}
        </span>
      )}
      <Button className="button" isPending={busy} onPress={() => void save()}>
        {t(busy ? 'list.exporting' : 'list.export')}
      </Button>
    </>
  );
}
