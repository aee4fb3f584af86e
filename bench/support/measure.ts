import { readdirSync, readFileSync } from 'node:fs';
import type pg from 'pg';

/** How long things took, in milliseconds, in bands of one in a hundred: small whatever it holds. */
export class Latencies {
  readonly #bands = new Uint32Array(2_000);
  count = 0;
  worstMs = 0;

  add(ms: number): void {
    const band = Math.round(Math.log(Math.max(ms, leastMs) / leastMs) / Math.log(1.01));
    const index = Math.min(this.#bands.length - 1, band);
    this.#bands[index] = (this.#bands[index] ?? 0) + 1;
    this.count += 1;
    this.worstMs = Math.max(this.worstMs, ms);
  }

  /** The value below which a share of all lies, in milliseconds; null when there is nothing. */
  at(share: number): number | null {
    if (this.count === 0) return null;
    let left = Math.max(1, Math.ceil(share * this.count));
    for (const [band, count] of this.#bands.entries()) {
      left -= count;
      if (left <= 0) return rounded(Math.min(this.worstMs, leastMs * 1.01 ** band), 2);
    }
    return rounded(this.worstMs, 2);
  }

  summary(): LatencySummary {
    const [p50Ms, p95Ms, p99Ms] = [this.at(0.5), this.at(0.95), this.at(0.99)];
    return { count: this.count, p50Ms, p95Ms, p99Ms, worstMs: rounded(this.worstMs, 2) };
  }
}

/** What is told of a kind of request. */
export interface LatencySummary {
  readonly count: number;
  readonly p50Ms: number | null;
  readonly p95Ms: number | null;
  readonly p99Ms: number | null;
  readonly worstMs: number;
}

const leastMs = 0.05;

/** A figure with so many digits after the point. */
export function rounded(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}

/** Seconds since a moment of `performance.now()`. */
export function secondsSince(began: number): number {
  return rounded((performance.now() - began) / 1000, 2);
}

interface ProcessStat {
  readonly pid: number;
  readonly parent: number;
  readonly name: string;
  /** Own processor seconds, and those of children that have ended. */
  readonly own: number;
  readonly ended: number;
}

function readStat(pid: number): ProcessStat | null {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const name = text.slice(text.indexOf('(') + 1, text.lastIndexOf(')'));
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    const ticks = (from: number): number => Number(fields[from]) + Number(fields[from + 1]);
    const own = ticks(11) / 100;
    return { pid, parent: Number(fields[1]), name, own, ended: ticks(13) / 100 };
  } catch {
    return null;
  }
}

/** A process and everything it started, except PostgreSQL; empty where there is no /proc. */
function familyOf(pid: number): ProcessStat[] {
  let numbers: string[] = [];
  try {
    numbers = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  } catch {
    return [];
  }
  const all = numbers.flatMap((name) => readStat(Number(name)) ?? []);
  const family = all.filter((each) => each.pid === pid);
  for (const each of family) {
    family.push(
      ...all.filter(({ parent, name }) => parent === each.pid && !name.startsWith('postgres')),
    );
  }
  return family;
}

/** Processor seconds of a server's processes so far. */
export function serverCpuSeconds(pid: number): number {
  return familyOf(pid).reduce((sum, { own }) => sum + own, 0);
}

/** The most memory the server's processes have had, in megabytes; null where Linux is not. */
export function serverPeakMb(pid: number): number | null {
  const sizes = familyOf(pid).map((each) => {
    try {
      const status = readFileSync(`/proc/${each.pid}/status`, 'utf8');
      return Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1] ?? 0) / 1024;
    } catch {
      return 0;
    }
  });
  return sizes.length === 0 ? null : Math.round(sizes.reduce((sum, size) => sum + size, 0));
}

/** Processor seconds of PostgreSQL so far: the postmaster and its children, living and dead. */
export function postgresCpuSeconds(postmaster: number): number {
  const main = readStat(postmaster);
  if (main === null) return 0;
  let sum = main.own + main.ended;
  for (const name of readdirSync('/proc')) {
    const each = /^\d+$/.test(name) ? readStat(Number(name)) : null;
    if (each?.parent === postmaster) sum += each.own;
  }
  return sum;
}

/** Bytes of every table with its indexes and what lies beside it, by name. */
export async function tableBytes(client: pg.ClientBase): Promise<Map<string, number>> {
  const { rows } = await client.query<{ name: string; bytes: string }>(
    `select relname as name, pg_total_relation_size(oid) as bytes
     from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace`,
  );
  return new Map(rows.map(({ name, bytes }) => [name, Number(bytes)]));
}

/** The record itself; all other tables but the registers follow from it. */
const ledgerTables = /^(facts?|ledger|chunks?|commits?|batches)(_|$)/;
const registerTables = /^(places|households|persons?|roster|register|name_reads)(_|$)/;

/** What grew between two looks at the tables, in bytes a person, by what the tables are for. */
export function diskPerPerson(
  before: ReadonlyMap<string, number>,
  after: ReadonlyMap<string, number>,
  people: number,
): { readonly ledger: number; readonly projections: number; readonly byTable: object } {
  let ledger = 0;
  let projections = 0;
  const byTable: { [name: string]: number } = {};
  for (const [name, bytes] of [...after].sort(([, left], [, right]) => right - left)) {
    const grown = bytes - (before.get(name) ?? 0);
    if (registerTables.test(name) || grown === 0) continue;
    if (ledgerTables.test(name)) ledger += grown;
    else projections += grown;
    byTable[name] = rounded(grown / people, 2);
  }
  const each = (bytes: number): number => rounded(bytes / people, 2);
  return { ledger: each(ledger), projections: each(projections), byTable };
}

/** How far the log of changes has come, in bytes. */
export async function walBytes(client: pg.ClientBase): Promise<number> {
  const { rows } = await client.query<{ bytes: string }>(
    `select pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0') as bytes`,
  );
  return Number(rows[0]?.bytes ?? 0);
}
