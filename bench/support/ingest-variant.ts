// A rival of the server: its own routes, accounts, scope and validation with another way to keep
// what was validated. `node bench/support/ingest-variant.ts null|naive DATABASE-URL`.
import type pg from 'pg';
import { createApp } from '../../adapters/http/app.ts';
import type { ReceivedBatch } from '../../adapters/jobs/writer.ts';
import { openDatabase } from '../../adapters/postgres/database.ts';
import { compose } from '../../apps/server/compose.ts';
import type { Fact } from '../../ledger/fact.ts';
import type { Receipt, SetAside } from '../../ledger/receive.ts';

type Keep = (fact: Fact) => number | Promise<number>;

const [variant = '', connectionString = ''] = process.argv.slice(2);
const composed = await compose({ connectionString, clock: 'system' });
const pool = variant === 'naive' ? await naivePool() : null;
const keep = pool === null ? keepNothing() : keepAlone(pool);
composed.context.writer.receive = async (items): Promise<ReceivedBatch> => {
  const receipts: Receipt[] = [];
  for (const item of items) receipts.push(await receiptOf(item));
  return { receipts, lamport: 1 };
};
const app = await createApp(composed.context, { logLevel: 'silent' });
const url = await app.listen({ host: '127.0.0.1', port: 0 });
process.stdout.write(`Sextant is at ${url}\n`);
process.on('SIGTERM', () => void stop());
// The bench has ended without being able to say so.
process.on('disconnect', () => void stop());

async function stop(): Promise<void> {
  await app.close();
  await composed.close();
  await pool?.end();
  process.exit(0);
}

async function receiptOf(item: Fact | SetAside): Promise<Receipt> {
  if (item.kind === 'set-aside') return item as SetAside;
  return { kind: 'accepted', id: (item as Fact).id, receipt: await keep(item as Fact) };
}

/** Stores nothing: what is left is the price of asking. */
function keepNothing(): Keep {
  let receipt = 0;
  return () => (receipt += 1);
}

async function naivePool(): Promise<pg.Pool> {
  const opened = await openDatabase(connectionString, { service: false, connectionsMax: 16 });
  await opened.query(`
    create table if not exists naive_tube (
      receipt bigint generated always as identity,
      id text collate "C" primary key, kind text not null, subject text not null,
      place text not null, device_id text not null, device_seq bigint not null,
      lamport bigint not null, at_ms bigint not null, received_ms bigint not null,
      actor text not null, body jsonb not null);
    create table if not exists naive_person (
      round text collate "C" not null, person integer not null, tube text not null,
      primary key (round, person))`);
  return opened;
}

/**
 * One transaction a fact and a row a person, in one statement: a single round trip, which is the
 * best that a transaction a request can do.
 */
function keepAlone(database: pg.Pool): Keep {
  return async (fact) => {
    const { round, members } = fact.body as { round: string; members: number[] };
    const { rows } = await database.query<{ receipt: number }>({
      name: 'keep-alone',
      text: `with kept as (
          insert into naive_tube (id, kind, subject, place, device_id, device_seq, lamport, at_ms,
            received_ms, actor, body)
          values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) returning receipt),
        people as (insert into naive_person (round, person, tube)
          select $12, person, $3 from unnest($13::integer[]) person)
        select receipt from kept`,
      values: [
        ...[fact.id, fact.kind, fact.subject, fact.place, fact.deviceId, fact.deviceSeq],
        ...[fact.lamport, fact.at, Date.now(), fact.actor, JSON.stringify(fact.body)],
        ...[round, members],
      ],
    });
    return rows[0]?.receipt ?? 0;
  };
}
