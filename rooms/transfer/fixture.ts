import type { SubjectView } from '../../ledger/derive.ts';
import type { Fact } from '../../ledger/fact.ts';
import type { DecideContext, Registers } from '../../ledger/room.ts';
import { facts, folded, minute } from '../../test/support/room.ts';
import type { TransferBody, TransferFact, TransferFactKind, VehicleFact } from './facts.ts';
import { policyDefaults, type TransferPolicy } from './rules.ts';
import { evolveTransfer, initialTransfer, type TransferState } from './state.ts';
import { evolveVehicle, initialVehicle, type VehicleState } from './vehicle.ts';
import { viewTransfer } from './views.ts';

/** What a test says of a fact; the rest is filled in from its place in the list. */
export interface Step<K extends TransferFactKind = TransferFactKind> {
  readonly kind: K;
  readonly body: TransferBody<K>;
  readonly minute: number;
}

/** A step at a minute of the day. */
export function step<K extends TransferFactKind>(
  at: number,
  kind: K,
  body: TransferBody<K>,
): Step<K> {
  return { kind, body, minute: at };
}

/** Asks to move people for their case, with changes if any. */
export function requested(
  persons: readonly number[],
  more: Partial<TransferBody<'transfer.requested'>> = {},
): Step<'transfer.requested'> {
  return step(0, 'transfer.requested', {
    persons: [...persons],
    from: '310113003001',
    priority: 'today',
    reason: 'case',
    destinationKind: 'fangcang',
    ...more,
  });
}

/** A bed promised to a person in a unit. */
export function promised(at: number, person: number, unit = 'U1'): Step {
  const promise = `X1.${person}.1`;
  return step(at, 'transfer.place-promised', { unit, promise, person, facility: `F-${unit}` });
}

/** The transfer X1 after the steps, in the order given. */
export function transferAfter(...steps: readonly Step[]): TransferState {
  return foldTransfer(facts('transfer:X1', steps));
}

/** Folds facts into a transfer, in the agreed order. */
export function foldTransfer(recorded: readonly Fact[]): TransferState {
  return folded<TransferState, TransferFact>(initialTransfer('X1'), evolveTransfer, recorded);
}

/** Folds facts into a vehicle, in the agreed order. */
export function foldVehicle(recorded: readonly Fact[]): VehicleState {
  return folded<VehicleState, VehicleFact>(initialVehicle('V1'), evolveVehicle, recorded);
}

/**
 * A family of 1 and 2, adults, 3 who is five years old and 4 who is sixteen; 5 is a child with
 * nobody; 6 and above live alone and are grown up.
 */
export const registers: Registers = {
  householdOf: (person) => (person <= 4 ? [1, 2, 3, 4] : [person]),
  homeOf: (person) => (person < 100 ? '310113003001-2-5' : null),
  bornOn: (person) => {
    if (person === 3) return '2016-09-09';
    if (person === 4) return '2006-01-01';
    return person === 5 ? '2012-04-05' : '1970-01-01';
  },
};

/** A view of a transfer under the default settings. */
export function see(state: TransferState, policy: TransferPolicy = policyDefaults): SubjectView {
  return viewTransfer(state, { policy, registers });
}

/** A context in which a dispatcher acts at a minute of the day. */
export function acting(
  count: number,
  others: { readonly [subject: string]: unknown } = {},
): DecideContext<TransferPolicy> {
  const read = <S>(subject: string): S => others[subject] as S;
  return { policy: policyDefaults, now: minute(count), actor: 'li', registers, read };
}
