import type { ClientBase } from 'pg';
import { type Refusal, refuse } from '../../../ledger/decision.ts';
import {
  type Directory,
  mayLieIn,
  parsePlaceRow,
  type Place,
  type PlaceColumns,
  type PlacedPlace,
  type PlaceFaultCode,
  placeFaultReasons,
  readPlaceHeader,
} from '../../../rooms/places/index.ts';
import { textOf } from '../../exchange/cells.ts';
import type { Table, TableOptions } from '../../exchange/table.ts';
import { type FaultSink, inOwnTransaction, withTable } from './import-persons.ts';
import { insertPlaces, loadDirectory } from './places.ts';

/** An import of places. */
export interface PlacesImport {
  /** A connection of its own, not in a transaction. */
  readonly client: ClientBase;
  readonly source: AsyncIterable<Uint8Array>;
  readonly tableOptions?: TableOptions;
  readonly faults?: FaultSink;
}

/** What an import of places did. */
export interface ImportedPlaces {
  readonly kind: 'imported';
  readonly rows: number;
  readonly imported: number;
  readonly updated: number;
  readonly rejected: number;
}

/** A tree is small; more rows are a mistake. */
const rowsMax = 2_000_000;

/**
 * Rule PL-10. Imports places in one transaction: codes that are known get new labels, others are
 * added. Rows may stand in any order: a child may come before its parent.
 */
export async function importPlaces(work: PlacesImport): Promise<ImportedPlaces | Refusal> {
  return withTable(work.source, work.tableOptions, (table) =>
    inOwnTransaction(work.client, () => importInTransaction(work, table)),
  );
}

async function importInTransaction(
  { client, faults: sink }: PlacesImport,
  table: Table,
): Promise<ImportedPlaces | Refusal> {
  // Places are made by imports only, and one at a time, so no two give out the same serial.
  await client.query('select pg_advisory_xact_lock(20220326, 1)');
  const reading = new PlacesReading(await loadDirectory(client));
  for await (const batch of table.rows) {
    for (const { row, cells } of batch) {
      const refusal = reading.take(row, cells.map(textOf));
      if (refusal !== null) return refusal;
    }
  }
  reading.settle();
  await insertPlaces(client, reading.fresh);
  await relabel(client, reading.changed);
  for (const fault of reading.faults) sink?.add(fault);
  await sink?.flush();
  const { rows, fresh, changed, faults } = reading;
  const counts = { imported: fresh.length, updated: changed.length, rejected: faults.length };
  return { kind: 'imported', rows, ...counts };
}

interface ReadPlace extends Place {
  readonly row: number;
}

/** Reads a file of places and sorts it so that parents come before their children. */
class PlacesReading {
  rows = 0;
  readonly fresh: PlacedPlace[] = [];
  readonly changed: Place[] = [];
  readonly faults: Parameters<FaultSink['add']>[0][] = [];
  readonly #directory: Directory;
  readonly #read = new Map<string, ReadPlace>();
  #columns: PlaceColumns | null = null;
  #headers: readonly string[] = [];

  constructor(directory: Directory) {
    this.#directory = directory;
  }

  take(row: number, cells: readonly string[]): Refusal | null {
    if (cells.every((cell) => cell.trim() === '')) return null;
    if (this.#columns === null) {
      const header = readPlaceHeader(cells);
      if ('kind' in header && header.kind === 'refused') return header;
      this.#columns = header;
      this.#headers = cells;
      return null;
    }
    this.rows += 1;
    if (this.rows > rowsMax) return refuse('exchange.too-many-rows', { row });
    const place = parsePlaceRow(cells, this.#columns);
    if ('field' in place) {
      this.#fault(row, place.code, {
        field: place.field,
        value: cells[this.#columns[place.field]],
      });
    } else if (this.#read.has(place.code)) {
      this.#fault(row, 'places.code-twice', { field: 'code', value: place.code });
    } else this.#read.set(place.code, { ...place, row });
    return null;
  }

  /** Takes each place after its parent; a place that nothing leads to has no parent. */
  settle(): void {
    const children = Map.groupBy(this.#read.values(), (place) => place.parent ?? '');
    const ready = [...this.#read.values()].filter((place) => !this.#read.has(place.parent ?? ''));
    const left = new Set(this.#read.values());
    for (let place = ready.pop(); place !== undefined; place = ready.pop()) {
      left.delete(place);
      this.#settleOne(place);
      ready.push(...(children.get(place.code) ?? []));
    }
    for (const { row, parent } of left) {
      this.#fault(row, 'places.unknown-parent', { field: 'parent', value: parent ?? '' });
    }
  }

  #settleOne({ row, ...place }: ReadPlace): void {
    const parent = place.parent === null ? null : this.#directory.find(place.parent);
    const cell = { field: 'parent', value: place.parent ?? '' } as const;
    const known = this.#directory.find(place.code);
    if (parent === undefined) this.#fault(row, 'places.unknown-parent', cell);
    else if (known === undefined) {
      if (mayLieIn(place.kind, parent?.kind ?? null)) this.fresh.push(this.#directory.add(place));
      else this.#fault(row, 'places.wrong-parent', cell);
    } else if (known.kind !== place.kind || known.parent !== place.parent) {
      this.#fault(row, 'places.parent-changed', cell);
    } else {
      const labelEn = place.labelEn ?? known.labelEn;
      const isSame = known.labelZh === place.labelZh && known.labelEn === labelEn;
      if (!isSame) this.changed.push({ ...place, labelEn });
    }
  }

  #fault(
    row: number,
    code: PlaceFaultCode,
    { field, value }: { field: keyof PlaceColumns; value: string | undefined },
  ): void {
    const { zh, en } = placeFaultReasons[code];
    const column = this.#headers[this.#columns?.[field] ?? -1] ?? field;
    this.faults.push({ row, column, value: value ?? '', code, reason: `${zh} / ${en}` });
  }
}

async function relabel(client: ClientBase, places: readonly Place[]): Promise<void> {
  if (places.length === 0) return;
  await client.query(
    `update places p set label_zh = w.zh, label_en = w.en
     from unnest($1::text[], $2::text[], $3::text[]) as w (code, zh, en) where p.code = w.code`,
    [
      places.map((place) => place.code),
      places.map((place) => place.labelZh),
      places.map((place) => place.labelEn),
    ],
  );
}
