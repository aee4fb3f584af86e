import { expect, test } from 'vitest';
import { personLabel, serialLabel } from '../../../../../rooms/screening/label.ts';
import { boxLabelOf, packingMeaning } from './packing.ts';

const box = serialLabel('box', 7);
const tube = serialLabel('tube', 7);

test('FA-4 a tube goes into a box once, and the label of the box closes it', () => {
  expect(packingMeaning(tube, { box, tubes: [] })).toEqual({ kind: 'tube', tube });
  expect(packingMeaning(tube, { box, tubes: [tube] })).toEqual({ kind: 'wrong', why: 'twice' });
  expect(packingMeaning(box, { box, tubes: [tube] })).toEqual({ kind: 'close' });
  expect(packingMeaning('TUBE-0001', { box, tubes: [] }).kind).toBe('tube');
});

test('FA-4 another box and a person are not tubes', () => {
  const why = { kind: 'wrong', why: 'not-a-tube' };
  expect(packingMeaning(serialLabel('box', 8), { box, tubes: [] })).toEqual(why);
  expect(packingMeaning(personLabel(1041), { box, tubes: [] })).toEqual(why);
  expect(packingMeaning('1041', { box, tubes: [] })).toEqual(why);
});

test('FA-4 the label of a box is taken from a scan, that of a tube is not', () => {
  expect(boxLabelOf(box.toLowerCase())).toBe(box);
  expect(boxLabelOf('BOX1')).toBe('BOX1');
  expect(boxLabelOf(tube)).toBe(null);
  expect(boxLabelOf('?')).toBe(null);
});
