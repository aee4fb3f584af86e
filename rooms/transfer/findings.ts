import type { Json } from '../../kernel/assert.ts';
import type { Instant } from '../../kernel/instant.ts';
import type { Finding } from '../../ledger/derive.ts';
import type { ViewContext } from '../../ledger/room.ts';
import type { TransferCode } from './codes.ts';
import { childrenAmong, childrenWithoutCarer } from './family.ts';
import type { TransferPolicy } from './rules.ts';
import { aboard, handedOver, personsOf, standingPromises, type TransferState } from './state.ts';

type Add = (code: TransferCode, at: Instant, details: { [k: string]: Json }) => void;

/** Rules TR-3 and TR-7. What a transfer's record says that cannot be, or must not have been. */
export function findingsOf(state: TransferState, context: ViewContext<TransferPolicy>): Finding[] {
  const findings: Finding[] = [];
  const { firstAt } = state;
  if (firstAt === null) return findings;
  const add: Add = (code, at, details) => {
    const key = code.slice(code.indexOf('.') + 1);
    const owner = 'role:dispatcher';
    findings.push({ key, code, owner, place: state.place ?? '', at, details });
  };
  if (state.requested === null) {
    add('transfer.not-requested', firstAt, {});
    return findings;
  }
  if (state.requestedAgainAt !== null) {
    add('transfer.requested-twice', state.requestedAgainAt, {});
  }
  addFamilyFindings(state, context, add);
  addRoadFindings(state, add);
  return findings;
}

function addFamilyFindings(
  state: TransferState,
  context: ViewContext<TransferPolicy>,
  add: Add,
): void {
  const { requested } = state;
  if (requested === null) return;
  const asking = { ...context, at: requested.cause.at };
  const alone = childrenWithoutCarer(requested.persons, requested.careOf ?? [], asking);
  if (alone.length > 0) {
    add('transfer.child-without-carer', requested.cause.at, { children: alone });
  }
  if (childrenAmong(requested.persons, asking).length === 0) return;
  const units = [...new Set(standingPromises(state).map((one) => one.unit))].sort();
  const facilities = [...new Set(state.handOvers.map((one) => one.facility))].sort();
  const at = state.handOvers.at(-1)?.cause.at ?? state.promises.at(-1)?.at;
  if ((units.length > 1 || facilities.length > 1) && at !== undefined) {
    add('transfer.family-split', at, { units, facilities });
  }
}

function addRoadFindings(state: TransferState, add: Add): void {
  const members = personsOf(state);
  const last = state.handOvers.at(-1)?.cause.at ?? state.firstAt;
  if (last === null) return;
  const seen = [...aboard(state), ...handedOver(state)];
  const strangers = seen.filter((person) => !members.includes(person));
  if (strangers.length > 0) add('transfer.not-in-transfer', last, { persons: strangers });
  const unseen = handedOver(state).filter((person) => state.pickedUp[person] === undefined);
  if (unseen.length > 0) add('transfer.not-picked-up', last, { persons: unseen });
  const facilitiesOf = new Map<number, Set<string>>();
  for (const { facility, persons } of state.handOvers) {
    for (const person of persons) {
      facilitiesOf.set(person, (facilitiesOf.get(person) ?? new Set()).add(facility));
    }
  }
  const twice = [...facilitiesOf].filter(([, places]) => places.size > 1).map(([one]) => one);
  if (twice.length > 0) add('transfer.handed-over-twice', last, { persons: twice });
  const elsewhere = standingPromises(state).filter(({ person, facility }) => {
    const places = facilitiesOf.get(person);
    return places !== undefined && facility !== null && !places.has(facility);
  });
  if (elsewhere.length > 0) {
    const promises = elsewhere.map((one) => one.promise);
    add('transfer.other-facility', last, { promises });
  }
  if (state.cancelled !== null && seen.length > 0) {
    add('transfer.cancelled-under-way', state.cancelled.cause.at, { persons: seen });
  }
}
