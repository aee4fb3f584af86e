import { expect, test } from 'vitest';
import { instant } from '../../kernel/instant.ts';
import type { Duty } from '../../ledger/derive.ts';
import type { Fact } from '../../ledger/fact.ts';
import * as finding from './finding.ts';
import { countAccounts, countLink, isOverdue } from './views.ts';

function duty(change: Partial<Duty>): Duty {
  const times = { since: instant(0), dueAt: instant(60_000), endedAt: null, ending: null };
  const what = { key: 'k', kind: 'cases.isolate', account: 'isolate', link: 'transfer' } as const;
  return { ...what, person: 1, owner: 'role:community', place: 'p', ...times, ...change };
}

const owed = [
  duty({}),
  duty({ endedAt: instant(5), ending: 'isolated' }),
  duty({ dueAt: instant(10) }),
  duty({ account: 'treat', link: null }),
];

test('DU-1 a duty of the fixtures has an owner and is due after it starts', () => {
  expect(owed.every((each) => each.owner !== '' && each.dueAt >= each.since)).toBe(true);
});

test('DU-2 due = done + open in every account', () => {
  const counts = countAccounts(owed, instant(20));
  expect(counts.isolate).toEqual({ due: 3, done: 1, open: 2, overdue: 1 });
  expect(counts.treat).toEqual({ due: 1, done: 0, open: 1, overdue: 0 });
  expect(counts.test.due).toBe(0);
});

test('DU-3 overdue is open and past its time, and a link is as old as its oldest', () => {
  expect(owed.map((each) => isOverdue(each, instant(20)))).toEqual([false, false, true, false]);
  const counts = countLink(owed, 'transfer', instant(180_000));
  expect(counts).toEqual({ waiting: 2, oldestMinutes: 3, overdue: 2 });
});

test('DU-4 a finding is taken, closed once with a note, and not taken again', () => {
  const id = 'tube:T1~screening.tube-over-filled/f1';
  const none = finding.initialFinding(id);
  expect(finding.decideTake(none, { finding: id, place: 'p' }).kind).toBe('accepted');
  const envelope = {
    id: 'f-closed-1',
    subject: `finding:${id}`,
    place: 'p',
    deviceId: 'd',
    deviceSeq: 1,
  };
  const numbers = { lamport: 1, at: instant(1), actor: 'li' };
  const body = { note: 'counted again: ten' };
  const closed: Fact<'duties.finding-closed', { note: string }> = {
    ...envelope,
    ...numbers,
    kind: 'duties.finding-closed',
    body,
  };
  const done = finding.evolveFinding(none, closed);
  expect(finding.viewFinding(done)).toMatchObject({ stage: 'closed', done: true });
  const again = finding.decideClose(done, { finding: id, place: 'p', note: 'again' });
  expect(again).toMatchObject({ kind: 'refused', code: 'duties.finding-already-closed' });
});
