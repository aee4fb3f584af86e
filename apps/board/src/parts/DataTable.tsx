import { type ReactNode, useState } from 'react';
import { Button } from 'react-aria-components';
import { useSpeech } from '../language/translate.ts';
import type { Pages } from '../lists/pages.ts';
import { Notice, Shown } from './Notice.tsx';

/** One column of a list: its head, its cell, and what it is sorted and exported by. */
export interface Column<Row> {
  readonly id: string;
  readonly head: string;
  readonly cell: (row: Row) => ReactNode;
  readonly value: (row: Row) => string | number | null;
  readonly number?: boolean;
  /** Left out of an exported file: a button, or a name whose reading is recorded. */
  readonly screenOnly?: boolean;
  /** Left out on a narrow screen. */
  readonly wide?: boolean;
}

interface Props<Row> {
  readonly label: string;
  readonly columns: readonly Column<Row>[];
  readonly pages: Pages<Row>;
  readonly rowKey: (row: Row) => string;
  readonly empty: string;
  readonly tools?: ReactNode;
}

interface Order {
  readonly id: string;
  readonly down: boolean;
}

/** A list from the server, page by page; a head sorts the page that is shown. */
export function DataTable<Row>({ label, columns, pages, rowKey, empty, tools }: Props<Row>) {
  const { t } = useSpeech();
  const [order, setOrder] = useState<Order | null>(null);
  const press = (id: string) =>
    setOrder((last) => (last?.id === id ? { id, down: !last.down } : { id, down: false }));
  return (
    <Shown of={pages.resource}>
      {({ rows }) => (
        <>
          {rows.length === 0 ? (
            <Notice state="done">{empty}</Notice>
          ) : (
            <div className="table-scroll">
              <table className="table list-table" aria-label={label}>
                <thead>
                  <tr>
                    {columns.map((column) => (
                      <Head key={column.id} column={column} order={order} onPress={press} />
                    ))}
                  </tr>
                </thead>
                <tbody>
                  {sortRows(rows, columns, order).map((row) => (
                    <tr key={rowKey(row)}>
                      {columns.map((column) => (
                        <td key={column.id} className={cellClass(column)}>
                          {column.cell(row)}
                        </td>
                      ))}
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          )}
          <div className="pager" hidden={rows.length === 0 && pages.back === null}>
            <span className="soft">
              {t('list.rows', {
                from: rows.length === 0 ? 0 : pages.first + 1,
                to: pages.first + rows.length,
              })}
            </span>
            <Button
              className="button"
              isDisabled={pages.back === null}
              onPress={() => pages.back?.()}
            >
              {t('list.back')}
            </Button>
            <Button className="button" isDisabled={pages.on === null} onPress={() => pages.on?.()}>
              {t('list.on')}
            </Button>
            <span className="spacer" />
            {tools}
          </div>
        </>
      )}
    </Shown>
  );
}

interface HeadProps<Row> {
  readonly column: Column<Row>;
  readonly order: Order | null;
  readonly onPress: (id: string) => void;
}

function Head<Row>({ column, order, onPress }: HeadProps<Row>) {
  const { t } = useSpeech();
  const sorted = order?.id === column.id ? (order.down ? 'descending' : 'ascending') : undefined;
  return (
    <th scope="col" className={cellClass(column)} aria-sort={sorted}>
      <button
        type="button"
        className="sort"
        title={t('list.sort')}
        onClick={() => onPress(column.id)}
      >
        {column.head}
        <span className="sort-mark" aria-hidden="true">
          {sorted === undefined ? '' : sorted === 'ascending' ? '↑' : '↓'}
        </span>
      </button>
    </th>
  );
}

function cellClass<Row>({ number, wide }: Column<Row>): string {
  return [number === true ? 'number' : '', wide === true ? 'wide-only' : ''].join(' ').trim();
}

/** Rows in the order of one column; what has no value stands last either way. */
function sortRows<Row>(
  rows: readonly Row[],
  columns: readonly Column<Row>[],
  order: Order | null,
): readonly Row[] {
  const column = columns.find(({ id }) => id === order?.id);
  if (column === undefined || order === null) return rows;
  const turn = order.down ? -1 : 1;
  return [...rows].sort((a, b) => {
    const left = column.value(a);
    const right = column.value(b);
    if (left === null || right === null) return Number(left === null) - Number(right === null);
    if (typeof left === 'number' && typeof right === 'number') return turn * (left - right);
    return turn * String(left).localeCompare(String(right), 'zh-CN', { numeric: true });
  });
}
