import { expect, test } from 'vitest';
import { createCatalogue } from '../../../../rooms/catalogue.ts';
import { deskOf, desks, mayStandOut, stagesOf, stepsAt } from './definitions.ts';

const acts = createCatalogue()
  .acts()
  .map(({ name }) => name);

/** Acts that a picture on a desk offers itself: the rack of a tube, the list of findings. */
const inPictures = [
  'screening.add-person',
  'screening.remove-person',
  'screening.seal-tube',
  'duties.take-finding',
  'duties.close-finding',
];

test('BO-6 every act that people may do has its place at a desk, and no desk names another', () => {
  const named = new Set(
    desks.flatMap(({ starts, next, urgent = {} }) => [
      ...starts,
      ...Object.values(next).flatMap((steps) => Object.values(steps).flat()),
      ...Object.values(urgent).flat(),
    ]),
  );
  const expected = new Set([...named, ...inPictures]);
  expect(acts.filter((name) => !expected.has(name))).toEqual([]);
  expect([...named].filter((name) => !acts.includes(name))).toEqual([]);
});

test('BO-6 what is owed first is offered first, and what undoes work never stands out', () => {
  const cases = deskOf('person');
  expect(cases?.id).toBe('cases');
  if (cases === null) return;
  const situation = { prefix: 'person', stage: 'confirmed', isUrgent: false };
  const [first] = stepsAt(cases, { ...situation, pressing: ['cases.transfer', 'cases.report'] });
  expect(first?.name).toBe('transfer.request');
  expect(mayStandOut('laboratory.reject-plate')).toBe(false);
  expect(mayStandOut('laboratory.sign-plate')).toBe(true);
});

test('BO-6 an urgent transfer waits for no bed, car or paper', () => {
  const desk = deskOf('transfer');
  if (desk === null) throw new Error('transfers have no desk');
  const possible = (isUrgent: boolean): string[] =>
    stepsAt(desk, { prefix: 'transfer', stage: 'requested', isUrgent, pressing: [] })
      .filter((step) => step.possible)
      .map(({ name }) => name);
  expect(possible(false)).not.toContain('transfer.pick-up');
  expect(possible(true)).toContain('transfer.pick-up');
});

test('BO-6 what cannot be done now says when it can', () => {
  const desk = deskOf('box');
  if (desk === null) throw new Error('boxes have no desk');
  expect(stagesOf(desk, 'box')).toEqual(['sealed', 'moving', 'received', 'lost']);
  const steps = stepsAt(desk, { prefix: 'box', stage: 'sealed', isUrgent: false, pressing: [] });
  const reconcile = steps.find(({ name }) => name === 'custody.reconcile');
  expect(reconcile).toMatchObject({ possible: false, stages: ['received'] });
});
