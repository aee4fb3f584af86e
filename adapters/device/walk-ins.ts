import { Fault } from '../fault.ts';
import { type Headquarters, HeadquartersProblem } from './headquarters.ts';
import type { KeptPackage } from './roster.ts';
import type { SetAsideItem, WalkIn } from './types.ts';

/**
 * Somebody registered on the device: *waiting* with everything that was said, *delivered* without
 * (the name leaves the device as soon as headquarters has it), or *set aside* with the reason.
 */
export interface WalkInRecord {
  readonly id: string;
  readonly person: number;
  readonly actId: string;
  readonly actor: string;
  readonly at: number;
  readonly delivery: 'waiting' | 'delivered' | 'set-aside';
  readonly walkIn: WalkIn | null;
  readonly problem?: { readonly code: string; readonly detail: string; readonly since: number };
}

/** The next number of those reserved for this device. */
export function nextNumber({ numbers }: KeptPackage, used: number | null): number {
  if (numbers === null) throw new Fault('device.no-numbers', 'no numbers are reserved');
  const next = Math.max(numbers.from, (used ?? 0) + 1);
  if (next > numbers.to) throw new Fault('device.no-numbers', 'all reserved numbers are used');
  return next;
}

/** The package with somebody more, in a household of their own until headquarters says which. */
export function withWalkIn(
  kept: KeptPackage,
  person: number,
  { name, sex, bornOn, place, room }: WalkIn,
): KeptPackage {
  const { households, persons } = kept;
  const year = Number(bornOn?.slice(0, 4));
  return {
    ...kept,
    households: {
      id: [...households.id, -person],
      place: [...households.place, place],
      label: [...households.label, room ?? ''],
    },
    persons: {
      id: [...persons.id, person],
      household: [...persons.household, -person],
      sex: [...persons.sex, sex ?? null],
      bornYear: [...persons.bornYear, Number.isInteger(year) && year > 1800 ? year : null],
      name: [...persons.name, `${String.fromCodePoint(name.trim().codePointAt(0) ?? 32).trim()}○`],
      hash: [...persons.hash, null],
    },
  };
}

/** Sends one registration; the answer is the number that the person has at headquarters. */
export async function sendWalkIn(
  headquarters: Headquarters,
  { person, walkIn }: WalkInRecord,
  credentials: { readonly token: string; readonly deviceKey: string },
): Promise<number> {
  const json = { ...walkIn, person };
  const answer = await headquarters.ask('/v1/persons', { json, ...credentials });
  const isNamed = typeof answer === 'object' && answer !== null && 'person' in answer;
  const number = isNamed ? Number(answer.person) : Number.NaN;
  if (Number.isInteger(number) && number > 0) return number;
  throw new Fault('device.answer-unreadable', 'no number came back', { retry: 'later' });
}

/** What is to be done about a registration that failed. */
export function judge(error: unknown): 'signed-out' | 'set-aside' | 'later' {
  if (!(error instanceof HeadquartersProblem)) return 'later';
  if (error.status === 401) return 'signed-out';
  const isWait = error.code === 'device.answer-unreadable' || error.retry === 'later';
  return isWait ? 'later' : 'set-aside';
}

/** How a registration that was set aside is shown; of the person only the number. */
export function shownWalkIn({ id, person, at, problem }: WalkInRecord): SetAsideItem {
  return {
    id,
    code: problem?.code ?? '',
    where: '',
    detail: problem?.detail ?? '',
    since: problem?.since ?? at,
    kind: 'persons.walk-in',
    subject: `person:${person}`,
    at,
    body: {},
  };
}
