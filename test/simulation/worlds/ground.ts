import { instant } from '../../../kernel/instant.ts';
import type { Actor } from '../../../ledger/access.ts';
import type { Registers, Role } from '../../../ledger/room.ts';
import type { WorkContext } from '../../../ledger/settle.ts';
import { createCatalogue } from '../../../rooms/catalogue.ts';
import { noBirthDay, type RosterArrays } from '../../../rooms/screening/index.ts';

/** The ground every world stands on: a district of two communities, 24 households of three. */
export const district = '310113';
export const communities = ['310113003001', '310113003002'] as const;
const householdsCount = 24;
export const personsCount = householdsCount * 3;

/** Community of a person; null for a number that was not given out. */
export function homeOf(person: number): string | null {
  if (person < 1 || person > personsCount) return null;
  return person <= personsCount / 2 ? communities[0] : communities[1];
}

/** Nobody here is a child, so that families do not keep beds empty. */
export const registers: Registers = {
  householdOf: (person) => {
    if (homeOf(person) === null) return [];
    const first = person - ((person - 1) % 3);
    return [first, first + 1, first + 2];
  },
  homeOf,
  bornOn: () => '1980-05-01',
};

/** Paths of the places; null for one that nobody knows. */
export function pathOf(place: string): string | null {
  if (place === district) return district;
  return communities.some((known) => known === place) ? `${district}/${place}` : null;
}

/** The register as arrays, for the coverage that the screens show. */
export const roster: RosterArrays = {
  placeCodes: [district, ...communities],
  parentOfPlace: Int32Array.of(-1, 0, 0),
  placeOfHousehold: Int32Array.from({ length: householdsCount + 1 }, (_, household) =>
    household === 0 ? 0 : household <= householdsCount / 2 ? 1 : 2,
  ),
  householdOf: Int32Array.from({ length: personsCount + 1 }, (_, person) =>
    person === 0 ? 0 : Math.ceil(person / 3),
  ),
  bornOnDay: new Int32Array(personsCount + 1).fill(noBirthDay),
};

export const catalogue = createCatalogue();

/** What units of work are given, on phones and at headquarters alike. */
export const work: Omit<WorkContext, 'receivedAt'> = {
  catalogue,
  policy: catalogue.policyDefaults(),
  registers,
};

/** When worlds begin. */
export const dawn = instant(Date.UTC(2022, 3, 4));

/** An account with roles at a place. */
export function actorOf(account: string, held: readonly Role[], place = '*'): Actor {
  return { account, grants: held.map((role) => ({ role, place })) };
}
