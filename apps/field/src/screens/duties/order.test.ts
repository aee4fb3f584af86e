import { expect, test } from 'vitest';
import type { FieldDuty } from '../../../../../adapters/device/types.ts';
import { inOrder, isMine } from './order.ts';

const duty = (owner: string, dueAt: number): FieldDuty => ({
  ...{ subject: 'tube:T1', key: 'seal', kind: 'screening.seal-tube', since: 0, place: 'A' },
  owner,
  dueAt,
  person: null,
});
const li = { account: 'li', roles: [{ role: 'community', place: 'A' }] };

test('FA-6 a duty is mine by account or by role', () => {
  expect(isMine(duty('user:li', 1), li)).toBe(true);
  expect(isMine(duty('role:community', 1), li)).toBe(true);
  expect(isMine(duty('user:wang', 1), li)).toBe(false);
  expect(isMine(duty('role:courier', 1), li)).toBe(false);
  expect(isMine(duty('user:', 1), { account: null, roles: [] })).toBe(false);
});

test('FA-6 what was due first stands first', () => {
  const duties = [duty('user:li', 30), duty('user:li', 10), duty('user:li', 20)];
  expect(inOrder(duties).map(({ dueAt }) => dueAt)).toEqual([10, 20, 30]);
});
