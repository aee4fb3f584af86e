import { describe, expect, test } from 'vitest';
import { baoshanSpring2022 } from './baoshan-spring-2022/index.ts';
import { drawPopulation, householdsOf, rosterCsv, rosterHeader } from './population.ts';
import { allocate, compoundName, readPlaces, shareOut } from './tree.ts';

const scenario = baoshanSpring2022();
const at = (scale: number, seed = 1) =>
  allocate(scenario.places, Math.round(scenario.personCount * scale), seed);

describe('places', () => {
  test('are the district, its thirteen town-level units and 567 committees, each under its parent', () => {
    const { places } = scenario;
    const codes = new Set(places.map(({ code }) => code));
    expect(codes.size).toBe(places.length);
    // 3 subdistricts, 9 towns and the industrial park; 103 village and 464 resident committees.
    expect(places.filter(({ code }) => code.length === 9)).toHaveLength(13);
    expect(places.filter(({ name }) => name.endsWith('村委会'))).toHaveLength(103);
    expect(places.filter(({ name }) => name.endsWith('居委会'))).toHaveLength(464);
    for (const { parent } of places.slice(1)) expect(codes.has(parent)).toBe(true);
  });

  test('that are malformed stop the program', () => {
    expect(() => readPlaces(new URL('population.ts', import.meta.url).pathname)).toThrow(
      'a bad place',
    );
  });
});

describe('population', () => {
  test.each([0.001, 0.01, 1])('keeps all communities and adds up at scale %d', (scale) => {
    const communities = at(scale);
    expect(communities).toHaveLength(567);
    const sum = communities.reduce((total, { personCount }) => total + personCount, 0);
    expect(sum).toBe(Math.round(2_235_218 * scale));
    expect(Math.min(...communities.map(({ personCount }) => personCount))).toBeGreaterThan(0);
  });

  test('is the same for the same seed and another for another', () => {
    const of = (seed: number) => [...rosterCsv(at(0.001, seed), seed)].join('');
    expect(of(3)).toBe(of(3));
    expect(of(3)).not.toBe(of(4));
  });

  test('has households and ages like those of Shanghai in the census of 2020', () => {
    const population = drawPopulation(at(0.05), 1);
    const { personCount, ageYears, householdStart } = population;
    const share = (from: number, to: number) =>
      ageYears.filter((age) => age >= from && age < to).length / personCount;
    // 2.32 a household; 9.8 % under 15, 23.4 % from 60, 16.3 % from 65: see households.ts.
    expect(personCount / (householdStart.length - 1)).toBeCloseTo(2.32, 1);
    expect(share(0, 15)).toBeGreaterThan(0.085);
    expect(share(0, 15)).toBeLessThan(0.11);
    expect(share(60, 200)).toBeGreaterThan(0.21);
    expect(share(60, 200)).toBeLessThan(0.25);
    expect(share(65, 200)).toBeGreaterThan(0.145);
    expect(share(65, 200)).toBeLessThan(0.18);
  });

  test('lets no child live without an adult', () => {
    for (const community of at(0.01)) {
      for (const { members } of householdsOf(community, 1)) {
        expect(members.length).toBeLessThanOrEqual(6);
        expect(members.some(({ ageYears }) => ageYears >= 18)).toBe(true);
      }
    }
  });

  test('is written with a header, unique numbers and addresses, and telephone numbers of nobody', () => {
    const lines = [...rosterCsv(at(0.002), 1)].join('').trimEnd().split('\n');
    expect(lines.shift()).toBe(rosterHeader);
    expect(lines).toHaveLength(Math.round(2_235_218 * 0.002));
    const documents = new Set<string>();
    for (const line of lines) {
      const [name, sex, born, type, id, phone, ...address] = line.split(',');
      expect(name).toMatch(/^\p{Script=Han}{2,3}$/u);
      expect(sex).toMatch(/^[男女]$/);
      expect(born).toMatch(/^(19[12]|19\d|20[012])\d+-\d\d-\d\d$/);
      expect(type).toBe('其他');
      expect(phone).toMatch(/^(194\d{8})?$/);
      expect(address).toHaveLength(5);
      documents.add(id ?? '');
    }
    expect(documents.size).toBe(lines.length);
  });

  test('is drawn as columns in the order in which it is written', () => {
    const communities = at(0.002);
    const population = drawPopulation(communities, 1);
    const lines = [...rosterCsv(communities, 1)].join('').trimEnd().split('\n').slice(1);
    let household = -1;
    let address = '';
    lines.forEach((line, index) => {
      const [, , born, , , , ...where] = line.split(',');
      if (where.join() !== address) household++;
      address = where.join();
      expect(population.household[index]).toBe(household);
      const years = 2022 - Number(born?.slice(0, 4));
      expect(Math.abs(years - (population.ageYears[index] ?? 0))).toBeLessThanOrEqual(1);
    });
  });
});

test('compounds are named after their committee', () => {
  const community = at(0.01)[0];
  if (community === undefined) throw new Error('there are communities');
  expect(compoundName(community, 0)).toBe('宝钢一村');
  expect(compoundName(community, 1)).toBe('宝钢一村东苑');
  const names = Array.from({ length: 40 }, (_, index) => compoundName(community, index));
  expect(new Set(names).size).toBe(40);
});

test('shares add up to the total', () => {
  // 10 × 1/6, 2/6, 3/6 = 1.67, 3.33, 5: the first has the largest remainder.
  expect(shareOut([1, 2, 3], 10)).toEqual([2, 3, 5]);
});
