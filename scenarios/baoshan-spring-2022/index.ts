import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { assert } from '../../kernel/assert.ts';
import { parseDay } from '../../kernel/day.ts';
import { readSeries } from '../epidemic.ts';
import type { Scenario } from '../scenario.ts';
import { readPlaces } from '../tree.ts';
import { policy } from './policy.ts';

const file = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

/** Reads the scenario's files. */
export function baoshanSpring2022(): Scenario {
  // The first day of the district's peak; the bulletins begin on 26 March.
  const firstDay = parseDay('2022-04-08');
  assert(firstDay !== null, 'the first day exists');
  return {
    name: 'baoshan-spring-2022',
    label: { en: 'Baoshan, spring 2022', zh: '宝山，2022年春' },
    root: '310113',
    places: readPlaces(file('places.csv')),
    shapes: readFileSync(file('towns.geojson'), 'utf8'),
    series: readSeries(file('infections.csv')),
    // Census of 2020 (National Bureau of Statistics).
    personCount: 2_235_218,
    firstDay,
    offsetMinutes: 480,
    policy,
  };
}
