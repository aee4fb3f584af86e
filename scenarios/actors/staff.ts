import type { Role } from '../../ledger/room.ts';
import type { World } from '../world.ts';
import { drawUpFacilities, type Facility } from './facilities.ts';

/** An account that acts in the scenario. */
export interface Member {
  readonly account: string;
  readonly role: Role;
  /** Where it holds its role; it counts for everything below. */
  readonly place: string;
}

/** A sampling point with the people it serves. */
export interface Site {
  readonly id: string;
  readonly label: { readonly en: string; readonly zh: string };
  /** Community it stands in. */
  readonly place: string;
  readonly townCode: string;
  readonly tables: number;
  /** Indices in the population of the people it serves, from first up to but not end. */
  readonly first: number;
  readonly end: number;
}

/** A laboratory and how much it can do at once. */
export interface LaboratoryPoint {
  readonly id: string;
  readonly label: { readonly en: string; readonly zh: string };
  readonly bench: string;
  readonly review: string;
  readonly instruments: number;
  /** Tubes taken in an hour at reception. */
  readonly tubesPerHour: number;
}

/** Everybody who works, and where. */
export interface Staff {
  readonly members: readonly Member[];
  readonly headquarters: string;
  readonly sites: readonly Site[];
  readonly laboratories: readonly LaboratoryPoint[];
  readonly couriers: readonly string[];
  readonly drivers: readonly string[];
  readonly facilities: readonly Facility[];
  readonly samplerOf: (townCode: string) => string;
  readonly communityOf: (townCode: string) => string;
  readonly dispatcher: string;
}

/** Draws up who works where, in numbers that go with the scale. */
export function drawUpStaff(world: World): Staff {
  const { scenario, policy, scale } = world;
  const towns = [...new Set(world.population.communities.map(({ townCode }) => townCode))];
  const couriers = range(clamp(policy.transport.couriers * scale, 3, 24), 'courier');
  const drivers = range(clamp(policy.transfer.vehicles * scale, 2, 12), 'driver');
  const facilities = drawUpFacilities(world);
  // Fewer laboratories in a small world, so that each still fills its plates.
  const laboratoryCount = scale >= 0.05 ? policy.laboratory.count : 2;
  const laboratories = range(laboratoryCount, 'laboratory').map((name, index) =>
    laboratoryPoint(world, { name, index, laboratoryCount }),
  );
  const root = scenario.root;
  const members: Member[] = [
    { account: 'headquarters', role: 'headquarters', place: root },
    { account: 'dispatch', role: 'dispatcher', place: root },
    ...towns.map((place) => ({ account: `sampler-${place}`, role: 'sampler' as const, place })),
    ...towns.map((place) => ({ account: `community-${place}`, role: 'community' as const, place })),
    ...couriers.map((account) => ({ account, role: 'courier' as const, place: root })),
    ...drivers.map((account) => ({ account, role: 'courier' as const, place: root })),
    ...facilities.map(({ account }) => ({ account, role: 'facility' as const, place: root })),
    ...laboratories.flatMap(({ bench, review }) => [
      { account: bench, role: 'laboratory' as const, place: root },
      { account: review, role: 'laboratory' as const, place: root },
    ]),
  ];
  return {
    members,
    headquarters: 'headquarters',
    sites: drawUpSites(world),
    laboratories,
    couriers,
    drivers,
    facilities,
    samplerOf: (townCode) => `sampler-${townCode}`,
    communityOf: (townCode) => `community-${townCode}`,
    dispatcher: 'dispatch',
  };
}

function laboratoryPoint(
  { policy, scale }: World,
  { name, index, laboratoryCount }: { name: string; index: number; laboratoryCount: number },
): LaboratoryPoint {
  const tubesPerDay = (policy.laboratory.tubesPerDay * scale) / laboratoryCount;
  const platesAtOnce =
    (tubesPerDay / policy.laboratory.wellsPerPlate) * (policy.laboratory.runMinutes / (24 * 60));
  return {
    id: `L${index + 1}`,
    label: { en: `Laboratory ${index + 1}`, zh: `第${index + 1}检测实验室` },
    bench: `${name}-bench`,
    review: `${name}-review`,
    instruments: Math.max(1, Math.round(platesAtOnce)),
    // Boxes come in waves: reception takes twice the day's average, or a box in five minutes.
    tubesPerHour: Math.max((2 * tubesPerDay) / 24, 600),
  };
}

/** Sites by the rule of one for so many people, at least one in each town. */
function drawUpSites({ population, policy }: World): Site[] {
  const { personsPerSite, personsPerTable } = policy.sampling;
  const sites: Site[] = [];
  const { communities } = population;
  let first = 0;
  while (first < communities.length) {
    const town = communities[first];
    if (town === undefined) break;
    let end = first;
    while (communities[end]?.townCode === town.townCode) end++;
    const from = town.firstIndex;
    const last = communities[end - 1];
    const to = last === undefined ? from : last.firstIndex + last.personCount;
    const count = Math.max(1, Math.round((to - from) / personsPerSite));
    for (let index = 0; index < count; index++) {
      const left = householdBoundary(population, from + ((to - from) * index) / count);
      const right = householdBoundary(population, from + ((to - from) * (index + 1)) / count);
      if (right <= left) continue;
      const home = communities[population.community[left] ?? 0] ?? town;
      const serial = String(sites.length + 1).padStart(4, '0');
      sites.push({
        id: `S${serial}`,
        label: {
          en: `Sampling point ${serial}`,
          zh: `${home.townName}第${index + 1}采样点`,
        },
        place: home.code,
        townCode: home.townCode,
        tables: Math.max(1, Math.ceil((right - left) / personsPerTable)),
        first: left,
        end: right,
      });
    }
    first = end;
  }
  return sites;
}

function householdBoundary(population: World['population'], index: number): number {
  const whole = Math.round(index);
  if (whole >= population.personCount) return population.personCount;
  return population.householdStart[population.household[whole] ?? 0] ?? 0;
}

function clamp(value: number, min: number, max: number): number {
  return Math.min(max, Math.max(min, Math.round(value)));
}

function range(count: number, name: string): string[] {
  return Array.from({ length: count }, (_, index) => `${name}-${index + 1}`);
}
