import { expect, test } from 'vitest';
import { hrefOf, readRoute } from './route.ts';

test('FA-8 an address says where somebody is, whatever a label holds', () => {
  expect(readRoute(hrefOf('courier', 'B/1 ü'))).toEqual(['courier', 'B/1 ü']);
  expect(readRoute('')).toEqual([]);
  expect(readRoute('#/')).toEqual([]);
  expect(readRoute('#/doors/%E0%A4%A')).toEqual(['doors', '%E0%A4%A']);
});
