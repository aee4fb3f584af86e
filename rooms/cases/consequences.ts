import { dayMs } from '../../kernel/instant.ts';
import type { Consequence } from '../../ledger/derive.ts';
import type { Registers } from '../../ledger/room.ts';
import { caseDraft } from './facts.ts';
import type { CaseFile, CaseRecord } from './file.ts';
import type { CasePolicy } from './rules.ts';

/**
 * Rule CA-7. Whoever becomes a contact through this person's case: the household, and those who
 * shared a pool that came back about the same time. A case that is taken back takes them back.
 */
export function consequencesOf(
  file: CaseFile,
  registers: Registers,
  policy: CasePolicy,
): Consequence[] {
  const standing = file.cases.filter((record) => record.ending !== 'amended');
  if (standing.length === 0) return [];
  const household = policy.contactOfHousehold ? registers.householdOf(file.person) : [];
  return standing.flatMap((record) => {
    const mates = policy.contactOfTube ? matesOf(file, record, policy.tubeContactDays) : [];
    const contacts = new Set([...household, ...mates]);
    contacts.delete(file.person);
    return [...contacts]
      .sort((left, right) => left - right)
      .map((person): Consequence => {
        const { id, lamport, place } = record.cause;
        const via = household.includes(person) ? 'household' : 'tube';
        const body = { of: file.person, via, tube: record.tube } as const;
        const home = registers.homeOf(person) ?? place;
        return {
          causeId: id,
          causeLamport: lamport,
          at: record.openedAt,
          draft: caseDraft('cases.contact-listed', person, home, body),
        };
      });
  });
}

/** Members of the pools that held this person within the settings' days of the case. */
function matesOf(file: CaseFile, record: CaseRecord, withinDays: number): number[] {
  return file.holds
    .filter((hold) => Math.abs(hold.at - record.openedAt) <= withinDays * dayMs)
    .flatMap((hold) => hold.members);
}
