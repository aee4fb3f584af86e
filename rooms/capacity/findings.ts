import type { Json } from '../../kernel/assert.ts';
import type { Finding } from '../../ledger/derive.ts';
import type { CapacityCode } from './codes.ts';
import { usageOf } from './places.ts';
import type { UnitState } from './state.ts';

/** Rules CP-6 and CP-7. What a unit's record says that cannot be, or cannot be kept. */
export function findingsOf(state: UnitState): Finding[] {
  const findings: Finding[] = [];
  const at = state.firstAt;
  if (at === null) return findings;
  const add = (key: string, code: CapacityCode, more: { at?: Finding['at']; details: Json }) => {
    const details = more.details as Finding['details'];
    const place = state.place ?? '';
    const owner = 'role:dispatcher';
    findings.push({ key, code, owner, place, at: more.at ?? at, details });
  };
  addBedFindings(state, add);
  const { declared, count } = state;
  const used = Object.keys(state.beds).length + Object.keys(state.unplaced).length;
  if (declared === null) {
    if (used > 0) add('undeclared', 'capacity.unit-undeclared', { details: { used } });
    return findings;
  }
  const usage = usageOf(state);
  const { beds, promised, taken, outOfService } = usage;
  const shortByCount =
    count !== null && count.free - count.takenSince + count.freedSince < promised;
  if (promised + taken + outOfService > beds || shortByCount) {
    const details = { ...usage, countedFree: count?.free ?? null };
    add('over-promised', 'capacity.over-promised', { at: count?.at ?? declared.at, details });
  }
  if (count !== null && count.occupied + count.free + count.outOfService !== beds) {
    const { occupied, free } = count;
    const details = { beds, occupied, free, outOfService };
    add('count', 'capacity.count-does-not-add-up', { at: count.at, details });
  }
  return findings;
}

type Add = (key: string, code: CapacityCode, more: { at?: Finding['at']; details: Json }) => void;

function addBedFindings(state: UnitState, add: Add): void {
  for (const [bed, claimants] of Object.entries(state.beds)) {
    const [holder, ...others] = claimants;
    for (const [index, other] of others.entries()) {
      const taken = holder?.stay !== null && other.stay !== null;
      const details = {
        bed: Number(bed),
        holder: holder?.stay ?? holder?.promise ?? null,
        other: other.stay ?? other.promise,
      };
      const code = taken ? 'capacity.bed-taken-twice' : 'capacity.bed-promised-twice';
      add(`bed-twice.${bed}.${index + 1}`, code, { at: other.at, details });
    }
    const beds = state.declared?.beds ?? null;
    if (beds !== null && Number(bed) > beds && holder !== undefined) {
      const details = { bed: Number(bed), beds };
      add(`bed-unknown.${bed}`, 'capacity.bed-unknown', { at: holder.at, details });
    }
  }
  for (const [stay, takenAt] of Object.entries(state.unplaced)) {
    add(`no-bed.${stay}`, 'capacity.taken-without-bed', { at: takenAt, details: { stay } });
  }
  const bedsOf = new Map<number, number>();
  for (const { person, at } of Object.values(state.beds).flat()) {
    if (person === null) continue;
    const held = (bedsOf.get(person) ?? 0) + 1;
    bedsOf.set(person, held);
    if (held === 2)
      add(`person.${person}`, 'capacity.person-in-two-beds', { at, details: { person } });
  }
}
