import { expect, test } from 'vitest';
import { MemoryStore } from '../../adapters/memory/store.ts';
import { instant, minuteMs } from '../../kernel/instant.ts';
import type { Fact } from '../../ledger/fact.ts';
import { receive } from '../../ledger/receive.ts';
import { inWork } from '../support/day.ts';

const morning = Date.UTC(2022, 3, 8, 8);

function fact(number: number, kind: string, subject: string, body: Fact['body']): Fact {
  return {
    id: `late-fact-${number}`,
    kind,
    subject,
    place: '310113003001',
    deviceId: 'late',
    deviceSeq: number,
    lamport: number * 10,
    at: instant(morning + number * minuteMs),
    actor: 'li',
    body,
  };
}

const sealed = { round: 'R1', purpose: 'exit', poolSize: 1, members: [7], point: 'S1' };
const missing = { laboratory: 'L1', present: [], missing: ['TUBE1'], extra: [], broken: [] };
/** A single sample that leaves in a box, is missing when the box arrives, and is given up. */
const lost = [
  fact(1, 'screening.tube-sealed', 'tube:TUBE1', sealed),
  fact(2, 'custody.box-sealed', 'box:BOX1', { from: 'user:li', tubes: ['TUBE1'] }),
  fact(3, 'custody.box-handed-over', 'box:BOX1', { leg: 1, from: 'user:li', to: 'user:wu' }),
  fact(4, 'custody.box-received', 'box:BOX1', { ...missing, warm: false }),
  fact(5, 'custody.box-reconciled', 'box:BOX1', {
    outcomes: [{ tube: 'TUBE1', outcome: 'lost' }],
  }),
];

function ordersOf<T>(items: readonly T[]): T[][] {
  if (items.length <= 1) return [[...items]];
  return items.flatMap((item, index) =>
    ordersOf(items.toSpliced(index, 1)).map((rest) => [item, ...rest]),
  );
}

test('L7 what a lost sample means for its person is dated the same whichever fact comes last', async () => {
  const seen = new Set<string>();
  const orders = ordersOf(lost);
  for (const order of orders) {
    const store = new MemoryStore();
    for (const one of order) await inWork(store, (work) => receive(work, [one]));
    const person = store.subjects.get('person:7');
    expect(JSON.stringify(person?.state)).toContain('cases.specimen-lost');
    seen.add(JSON.stringify(person?.state));
  }
  expect(orders).toHaveLength(120);
  expect(seen.size).toBe(1);
});
