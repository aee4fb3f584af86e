import { type Day, dayOf, parseDay } from '../../kernel/day.ts';
import { instant, type Instant } from '../../kernel/instant.ts';
import type { Registers } from '../../ledger/room.ts';
import type { TransferPolicy } from './rules.ts';
import type { TransferState } from './state.ts';

interface Asking {
  readonly at: Instant;
  readonly registers: Registers;
  readonly policy: TransferPolicy;
}

/** The last instant that is still taken for a date: the end of 2199. */
const datedMax = 7_258_118_399_999;

/**
 * The day on which something happened. A device's clock may say anything, and a view must not
 * stop for it: what lies beyond the year 2199 counts as its last day.
 */
export function dayOn(at: Instant, offsetMinutes: number): Day {
  return dayOf(instant(Math.min(at, datedMax)), offsetMinutes);
}

/** Whole years of age on a day; null when the birth is not known. */
export function yearsOld(bornOn: string | null, on: Day): number | null {
  const born = bornOn === null ? null : parseDay(bornOn);
  if (born === null) return null;
  const years = Number(on.slice(0, 4)) - Number(born.slice(0, 4));
  return on.slice(5) < born.slice(5) ? years - 1 : years;
}

function ageOf(person: number, { at, registers, policy }: Asking): number | null {
  return yearsOld(registers.bornOn(person), dayOn(at, policy.utcOffsetMinutes));
}

/** Rule TR-3. The children among some people. Whose birth is not known counts as grown up. */
export function childrenAmong(persons: readonly number[], asking: Asking): number[] {
  return persons.filter((person) => (ageOf(person, asking) ?? Infinity) < asking.policy.childYears);
}

/** Rule TR-3. Adults of a child's household, by the register. */
export function adultsOfHousehold(child: number, asking: Asking): number[] {
  return asking.registers
    .householdOf(child)
    .filter((person) => person !== child)
    .filter((person) => (ageOf(person, asking) ?? 0) >= asking.policy.adultYears);
}

type NotedCarers = readonly { readonly child: number; readonly carer: number }[];

/**
 * Rule TR-3. Children who would travel alone though their household has an adult: the adult
 * must come along, unless somebody else was noted as the child's carer.
 */
export function childrenWithoutCarer(
  persons: readonly number[],
  noted: NotedCarers,
  asking: Asking,
): number[] {
  return childrenAmong(persons, asking).filter((child) => {
    if (noted.some((one) => one.child === child)) return false;
    const adults = adultsOfHousehold(child, asking);
    return adults.length > 0 && !adults.some((adult) => persons.includes(adult));
  });
}

/**
 * Rule TR-3. Children whom a step would part from their carer within the transfer: `together`
 * are those who have taken the step, this time or before.
 */
export function childrenParted(
  state: TransferState,
  together: readonly number[],
  asking: Asking,
): number[] {
  const persons = state.requested?.persons ?? [];
  return childrenAmong(persons, asking).filter((child) => {
    const noted = (state.requested?.careOf ?? [])
      .filter((one) => one.child === child)
      .map((one) => one.carer);
    const carers = [...noted, ...adultsOfHousehold(child, asking)].filter((carer) =>
      persons.includes(carer),
    );
    if (carers.length === 0) return false;
    const gone = carers.filter((carer) => together.includes(carer));
    return together.includes(child) ? gone.length === 0 : gone.length === carers.length;
  });
}
