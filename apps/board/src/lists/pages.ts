import { useState } from 'react';
import { type Query, queryText, request } from '../api/client.ts';
import type { Page } from '../api/types.ts';
import { type Resource, useResource } from '../resource.ts';

/** A list that the server gives page by page. */
export interface Pages<Row> {
  readonly resource: Resource<Page<Row>>;
  /** Rows before this page. */
  readonly first: number;
  readonly back: (() => void) | null;
  readonly on: (() => void) | null;
  /** All rows of the list up to a limit, for a file. */
  readonly all: () => Promise<readonly Row[]>;
}

const pageRows = 100;
const exportPageRows = 1_000;
/** As many rows as a spreadsheet still opens at ease. */
const exportRowsMax = 200_000;
const liveEveryMs = 5_000;

function asPage<Row>(reply: unknown): Page<Row> {
  return reply as Page<Row>;
}

/**
 * Rows of `path`, a page at a time; the first page follows the news. `pageOf` finds the rows in
 * a reply that calls them otherwise.
 */
export function usePages<Row, Reply = Page<Row>>(
  path: string,
  query: Query,
  pageOf: (reply: Reply) => Page<Row> = asPage<Row>,
): Pages<Row> {
  const address = `${path}${queryText(query)}`;
  const [trail, setTrail] = useState<Trail>({ address, cursors: [] });
  // Another question begins at its own first page.
  const cursors = trail.address === address ? trail.cursors : [];
  const after = cursors.at(-1) ?? null;
  const found = useResource<Reply>(
    `${path}${queryText({ ...query, after, limit: pageRows })}`,
    after === null ? { liveEveryMs, keep: true } : { keep: true },
  );
  const resource = { ...found, data: found.data === null ? null : pageOf(found.data) };
  const next = resource.data?.next ?? null;
  return {
    resource,
    first: cursors.length * pageRows,
    back: after === null ? null : () => setTrail({ address, cursors: cursors.slice(0, -1) }),
    on: next === null ? null : () => setTrail({ address, cursors: [...cursors, next] }),
    all: () => fetchAll(path, query, pageOf),
  };
}

interface Trail {
  readonly address: string;
  readonly cursors: readonly (string | number)[];
}

async function fetchAll<Row, Reply>(
  path: string,
  query: Query,
  pageOf: (reply: Reply) => Page<Row>,
): Promise<readonly Row[]> {
  const rows: Row[] = [];
  let after: string | number | null = null;
  while (rows.length < exportRowsMax) {
    const asked = queryText({ ...query, after, limit: exportPageRows });
    const page = pageOf(await request<Reply>(`${path}${asked}`));
    rows.push(...page.rows);
    after = page.next ?? null;
    if (after === null) break;
  }
  return rows;
}
