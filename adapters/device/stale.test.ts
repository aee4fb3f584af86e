import { expect, test } from 'vitest';
import { dayMs } from '../../kernel/instant.ts';
import type { Fact } from '../../ledger/fact.ts';
import { draftsForRecord } from './drafts.ts';
import { staleIds } from './stale.ts';

function fact(id: string, subject: string, days: number): Fact {
  const numbers = { deviceSeq: 1, lamport: 1, at: (days * dayMs) as Fact['at'] };
  const about = {
    kind: 'screening.tube-sealed',
    place: 'P',
    deviceId: 'f1',
    actor: 'li',
    body: {},
  };
  return { id, subject, ...about, ...numbers };
}

test('a subject is let go of whole, once all of it is covered and old', () => {
  const aging = [
    { fact: fact('a1', 'tube:A', 1), isCovered: true },
    { fact: fact('a2', 'tube:A', 2), isCovered: true },
    { fact: fact('b1', 'tube:B', 1), isCovered: true },
    { fact: fact('b2', 'tube:B', 2), isCovered: false },
    { fact: fact('c1', 'tube:C', 1), isCovered: true },
    { fact: fact('c2', 'tube:C', 9), isCovered: true },
    { fact: fact('d1', 'box:D', 1), isCovered: true },
    { fact: fact('e1', 'round:E', 1), isCovered: true },
  ];
  expect([...staleIds(aging, 10 * dayMs)]).toEqual(['a1', 'a2']);
  expect([...staleIds(aging, 20 * dayMs)]).toEqual(['a1', 'a2', 'c1', 'c2', 'd1']);
});

test('a sealing takes only what was undone on record beside it; any other end takes everything', () => {
  const entry = (kind: string, person: number): Fact => {
    return {
      ...fact(`${kind}-${person}`, 'tube:A', 1),
      kind: `screening.${kind}`,
      body: { person },
    };
  };
  const drafts = [
    entry('person-added', 1),
    entry('person-added', 2),
    entry('person-removed', 1),
    entry('person-added', 3),
  ];
  const taken = (kind: string, isOwn: boolean): string[] =>
    draftsForRecord(drafts, { kind, isOwn }).map(({ id }) => id);
  const undone = ['person-added-1', 'person-removed-1'];
  expect(taken('screening.tube-sealed', true)).toEqual(undone);
  expect(taken('screening.tube-sealed', false)).toHaveLength(4);
  expect(taken('screening.tube-voided', true)).toHaveLength(4);
  // Undone and entered again, the person is a member, and that it happened is on record.
  const again = [...drafts, { ...entry('person-added', 1), id: 'again' }];
  const end = { kind: 'screening.tube-sealed', isOwn: true };
  expect(draftsForRecord(again, end).map(({ id }) => id)).toEqual([...undone, 'again']);
});
