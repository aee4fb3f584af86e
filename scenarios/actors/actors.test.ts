import { describe, expect, test } from 'vitest';
import { hasValidCheck } from '../../kernel/id.ts';
import { instant } from '../../kernel/instant.ts';
import { Random } from '../../kernel/random.ts';
import { baoshanSpring2022 } from '../baoshan-spring-2022/index.ts';
import { drawInfections, type Infection, severityOn } from '../epidemic.ts';
import { Outbox } from '../outbox.ts';
import { drawPopulation } from '../population.ts';
import { EventQueue } from '../queue.ts';
import { allocate } from '../tree.ts';
import { World } from '../world.ts';
import { drawUpFacilities } from './facilities.ts';
import { readingsOf } from './readings.ts';
import { poolsOf } from './sampling.ts';
import { drawUpStaff } from './staff.ts';

const scenario = baoshanSpring2022();

function world(scale: number): World {
  const personCount = Math.round(scenario.personCount * scale);
  const population = drawPopulation(allocate(scenario.places, personCount, 1), 1);
  const session = () => Promise.reject(new Error('nothing is sent in these tests'));
  const startsAt = instant(0);
  const random = new Random(1);
  const outbox = new Outbox({ session, tag: 'TEST', random, startsAt, doubledShare: 0 });
  const queue = new EventQueue();
  return new World({ scenario, scale, seed: 1, tag: 'TEST', population, queue, outbox });
}

describe.each([0.002, 0.05, 1])('staff at scale %d', (scale) => {
  const own = world(scale);
  const staff = drawUpStaff(own);

  test('serves everybody at one site, and a site stands in each town', () => {
    let served = 0;
    for (const site of staff.sites) {
      expect(site.first).toBe(served);
      served = site.end;
    }
    expect(served).toBe(own.population.personCount);
    expect(new Set(staff.sites.map(({ townCode }) => townCode)).size).toBe(13);
  });

  test('has accounts with names of their own that a server takes', () => {
    const names = staff.members.map(({ account }) => account);
    expect(new Set(names).size).toBe(names.length);
    for (const name of names) expect(name).toMatch(/^[a-z0-9][a-z0-9._-]{1,62}$/);
    expect(names.length).toBeLessThan(100);
  });

  test('has beds in units with numbers of their own', () => {
    const units = drawUpFacilities(own).flatMap((facility) => facility.units);
    expect(new Set(units.map(({ id }) => id)).size).toBe(units.length);
    const beds = (kind: string) =>
      units.filter(({ bedKind }) => bedKind === kind).reduce((sum, unit) => sum + unit.beds, 0);
    // 21,570 fangcang beds at scale 1 (see policy.ts), at least one nursing unit.
    expect(beds('fangcang')).toBe(Math.max(20, Math.round(21_570 * scale)));
    expect(beds('icu')).toBeGreaterThanOrEqual(2);
    for (const unit of units) expect(unit.beds).toBeLessThanOrEqual(100);
  });
});

test('sites have the size that the rule asks for at full scale', () => {
  const { sites } = drawUpStaff(world(1));
  const sizes = sites.map(({ first, end }) => end - first);
  // One site for 2,000 to 3,000 people: 745 to 1,118 sites (FACTS §2).
  expect(sites.length).toBeGreaterThanOrEqual(745);
  expect(sites.length).toBeLessThanOrEqual(1_118);
  expect(sizes.filter((size) => size >= 2_000 && size <= 3_000).length / sizes.length).toBe(1);
});

test('people in tubes are each in one, and no tube is less than half full', () => {
  for (let count = 0; count <= 45; count++) {
    for (const poolSize of [1, 5, 10, 20] as const) {
      const people = Array.from({ length: count }, (_, index) => index + 1);
      const pools = poolsOf(people, poolSize);
      expect(pools.flatMap(({ members }) => members)).toEqual(people);
      for (const pool of pools) {
        expect(pool.members.length).toBeLessThanOrEqual(pool.poolSize);
        expect(pool.members.length).toBeGreaterThanOrEqual(pool.poolSize / 2);
      }
    }
  }
});

test('an instrument shows both targets of a clear infection, and a control in every good well', () => {
  const random = new Random(4);
  const { policy } = scenario;
  const read = (ct: number | null | 'failed', pooled = false) =>
    Object.fromEntries(
      readingsOf(random, { well: 'A1', ct, pooled }, policy).map((one) => [one.target, one.ct]),
    );
  for (let index = 0; index < 500; index++) {
    const positive = read(25);
    expect(positive['ORF1ab']).toBeLessThan(30);
    expect(positive['N']).toBeLessThan(30);
    const negative = read(null);
    expect([negative['ORF1ab'], negative['N']]).toEqual([null, null]);
    expect(negative['IC']).toBeLessThan(38);
    expect(Object.values(read('failed'))).toEqual([null, null, null]);
  }
});

test('whoever is found without symptoms stays so, and who recovers is mildly ill at the end', () => {
  const { population } = world(0.3);
  const policy = scenario.policy.epidemic;
  const infections = drawInfections(population, scenario.series, { scale: 0.3, seed: 1, policy });
  const at = (days: number) => (one: Infection) => severityOn(one, days);
  const silent = infections.filter(({ severity }) => severity === 'asymptomatic');
  expect(new Set(silent.map(at(3)))).toEqual(new Set(['asymptomatic']));
  const ill = infections.filter(({ severity }) => severity !== 'asymptomatic');
  expect(new Set(ill.map(at(80)))).toEqual(new Set(['mild']));
  const severe = infections.filter(({ severity }) => ['severe', 'critical'].includes(severity));
  // 6.34 severe or critical per 100,000 people at 2.74 % infected, so 0.23 % (PMC9327634).
  expect(severe.length / infections.length).toBeGreaterThan(0.001);
  expect(severe.length / infections.length).toBeLessThan(0.004);
});

test('labels are never given twice and carry their check character', () => {
  const own = world(0.002);
  const labels = Array.from({ length: 2_000 }, (_, index) =>
    own.label(index % 2 === 0 ? 'T' : 'B'),
  );
  expect(new Set(labels).size).toBe(labels.length);
  for (const label of labels) {
    expect(label).toMatch(/^[A-Z0-9]{4,32}$/);
    expect(hasValidCheck(label)).toBe(true);
  }
});
