import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  CoverageBook,
  countsAt,
  dueOf,
  noBirthDay,
  placesWithin,
  type RosterArrays,
} from './coverage.ts';
import { type Disposition, dispositions } from './rules.ts';

// A root with two communities, the second with two buildings; households 1-4 live at places 1-4.
const roster: RosterArrays = {
  placeCodes: ['root', 'a', 'b', 'b-1', 'b-2'],
  parentOfPlace: Int32Array.of(-1, 0, 0, 2, 2),
  placeOfHousehold: Int32Array.of(0, 1, 2, 3, 4),
  householdOf: Int32Array.of(0, 1, 1, 2, 3, 3, 4, 4, 4),
  bornOnDay: Int32Array.of(0, 0, 10_000, noBirthDay, 15_000, 0, 18_000, 0, 0),
};
const persons = [1, 2, 3, 4, 5, 6, 7, 8];
const dispositionNames = Object.keys(dispositions) as Disposition[];
const everywhere = { areas: ['root'], group: null, startsOnDay: 19_000 };

const event = fc.oneof(
  fc.record({ tube: fc.integer({ min: 0, max: 5 }), members: fc.subarray(persons) }),
  fc.record({
    person: fc.constantFrom(...persons),
    disposition: fc.constantFrom(null, ...dispositionNames),
  }),
  fc.record({ walkIn: fc.constantFrom(...persons) }),
);

test('SC-10 roster = sampled + excused + open at every place after any events', () => {
  fc.assert(
    fc.property(
      fc.array(event, { maxLength: 40 }),
      fc.constantFrom('root', 'a', 'b'),
      (events, area) => {
        const book = new CoverageBook(roster, dueOf(roster, { ...everywhere, areas: [area] }));
        const tubes = new Map<number, number[]>();
        for (const each of events) {
          if ('tube' in each) {
            book.addTube(tubes.get(each.tube) ?? [], -1);
            book.addTube(each.members, 1);
            tubes.set(each.tube, each.members);
          } else if ('walkIn' in each) book.addWalkIn(each.walkIn);
          else book.setDisposition(each.person, each.disposition);
        }
        const counts = book.countByPlace();
        const sampledSet = new Set([...tubes.values()].flat());
        const root = countsAt(counts, 0);
        expect(root.sampled).toBe(sampledSet.size);
        expect(root.open).toBe(book.openPersons(placesWithin(roster, 0)).length);
        const pages = [];
        for (let after = 0; ;) {
          const page = book.openPersons(placesWithin(roster, 0), { after, limit: 3 });
          if (page.length === 0) break;
          pages.push(...page);
          after = page.at(-1) ?? 0;
        }
        expect(pages).toEqual(book.openPersons(placesWithin(roster, 0)));
        for (let place = 0; place < 5; place++) {
          const own = countsAt(counts, place);
          expect(own.roster).toBe(own.sampled + own.excused + own.open);
        }
        const [a, b] = [countsAt(counts, 1), countsAt(counts, 2)];
        expect(root.roster).toBe(a.roster + b.roster);
      },
    ),
  );
});

test('SC-11 whoever is in two counted tubes is found, and no longer when one is withdrawn', () => {
  const book = new CoverageBook(roster, dueOf(roster, everywhere));
  book.addTube([1, 2, 3], 1);
  book.addTube([3, 4], 1);
  expect(book.sampledTwice(placesWithin(roster, 0))).toEqual([3]);
  expect(book.sampledTwice(placesWithin(roster, 1))).toEqual([]);
  book.addTube([3, 4], -1);
  expect(book.sampledTwice(placesWithin(roster, 0))).toEqual([]);
});

test('SC-1 a group by age owes nobody outside it, and leaves out nobody of unknown age', () => {
  // On day 19,000 (2022-01-08): born day 0 is 52, 10,000 is 24, 15,000 is 10, 18,000 is 2.
  const due = dueOf(roster, { ...everywhere, group: { ageMinYears: 3, ageMaxYears: 40 } });
  expect(persons.filter((person) => due[person] === 1)).toEqual([2, 3, 4]);
});
