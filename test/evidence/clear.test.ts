import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { addDays, type Day, daysBetween } from '../../kernel/day.ts';
import { clearDays, clearSpells, policyDefaults } from '../../rooms/trend/index.ts';
import { hasFieldData, readField } from '../support/field-data.ts';

const first = '2022-03-26' as Day;
const lastIndex = 66;

/** The bulletins' own split stands for the community: found by screening, not in isolation. */
function replay() {
  const people = new Map(
    readField('shanghai-2022/district-population-census-2020.csv').map((row) => [
      row['district'] ?? '',
      Number(row['population_2020_11_01']),
    ]),
  );
  const rows = readField('shanghai-2022/district-by-source.csv');
  return [...people].map(([district, population]) => {
    const found = Array.from({ length: lastIndex + 1 }, () => 0);
    for (const row of rows) {
      if (row['district'] !== district || row['found_in'] !== 'screening') continue;
      const day = daysBetween(first, row['date'] as Day);
      found[day] = (found[day] ?? 0) + Number(row['count']);
    }
    return { district, days: clearDays({ population, found }, policyDefaults.clear) };
  });
}

const short = (index: number): string => addDays(first, index).slice(5);

/** Districts with a standing, or a better one, at the end of a day. */
function standing(
  districts: ReturnType<typeof replay>,
  stage: 'clear' | 'basically-clear',
  date: Day,
): string[] {
  return districts
    .filter(({ days }) => {
      const held = days[daysBetween(first, date)]?.stage;
      return held === 'clear' || held === stage;
    })
    .map(({ district }) => district)
    .sort();
}

test.skipIf(!hasFieldData)(
  'TD-1 the rule gives 15 clear districts on 15 May, all 16 on 16 May',
  () => {
    const districts = replay();
    expect(districts.map(({ days }) => days.length)).toEqual(Array(16).fill(67));
    // Announced on 16 May: "15 of 16"; on 17 May: "all 16" (figures are those of the day before).
    const onFifteenth = standing(districts, 'clear', '2022-05-15' as Day);
    expect(onFifteenth.length).toBe(15);
    expect(onFifteenth).not.toContain('崇明区');
    expect(standing(districts, 'clear', '2022-05-16' as Day).length).toBe(16);
    // No earlier day has so many: the announcement came as soon as the rule allowed it.
    expect(standing(districts, 'clear', '2022-05-14' as Day).length).toBe(14);
  },
);

test.skipIf(!hasFieldData)('TD-1 the rule has Qingpu clear on 27 April, the day announced', () => {
  const qingpu = replay().find(({ district }) => district === '青浦区');
  expect(clearSpells(qingpu?.days ?? [], 'clear')[0]?.from).toBe(
    daysBetween(first, '2022-04-27' as Day),
  );
});

test.skipIf(!hasFieldData)(
  'TD-2 every district announced as basically clear is so by the rule',
  () => {
    const districts = replay();
    // Announced on 1, 6 and 11 May, with figures of the day before.
    const announced = [
      ['2022-04-30', ['奉贤区', '金山区', '崇明区', '青浦区', '松江区', '普陀区']],
      ['2022-05-05', ['嘉定区']],
      ['2022-05-10', ['徐汇区']],
    ] as const;
    for (const [date, names] of announced) {
      expect(standing(districts, 'basically-clear', date as Day)).toEqual(
        expect.arrayContaining([...names]),
      );
    }
    // The count by screening is a lower bound: it makes more districts clear than were announced.
    expect(standing(districts, 'basically-clear', '2022-04-30' as Day).length).toBe(15);
  },
);

test.skipIf(!hasFieldData)(
  'TD-4 the page of the replay shows the spells that the rule gives',
  () => {
    const path = fileURLToPath(new URL('../../docs/methods/clearance.md', import.meta.url));
    const page = readFileSync(path, 'utf8');
    for (const { district, days } of replay()) {
      const spells = (stage: 'clear' | 'basically-clear') =>
        clearSpells(days, stage)
          .map(({ from, to }) =>
            to === lastIndex ? `${short(from)} on` : `${short(from)}–${short(to)}`,
          )
          .join(', ');
      const cells = [spells('basically-clear'), spells('clear')].join(' | ');
      expect(page, `${district} | ${cells}`).toContain(`| ${district} | ${cells} |`);
    }
  },
);
