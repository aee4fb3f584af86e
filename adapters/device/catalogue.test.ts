import fc from 'fast-check';
import { expect, test } from 'vitest';
import { firstFault } from '../../ledger/catalogue.ts';
import { createCatalogue } from '../../rooms/catalogue.ts';
import { createFieldCatalogue } from './catalogue.ts';

const field = createFieldCatalogue();
const whole = createCatalogue();

/** Values near those that acts and facts hold: right, nearly right, and wrong. */
const near = fc.record(
  {
    tube: fc.constantFrom('T0000001', 't1', '', 7),
    box: fc.constantFrom('B0000001', 'b', null),
    round: fc.constantFrom('R1', 'R 1', 1),
    place: fc.constantFrom('310113', ''),
    point: fc.constantFrom('SP1', ''),
    person: fc.constantFrom(1, 0, 1.5, '1'),
    poolSize: fc.constantFrom(5, 10, 11),
    purpose: fc.constantFrom('round', 'fun'),
    reason: fc.constantFrom('because', '', 'x'.repeat(201)),
    disposition: fc.constantFrom('away', 'gone'),
    until: fc.constantFrom(1, -1),
    members: fc.constantFrom([1, 2], [], [0], 'all'),
    tubes: fc.constantFrom(['T0000001'], [], [1]),
    to: fc.constantFrom('user:li', 'li'),
    extra: fc.constant(true),
  },
  { requiredKeys: [] },
);

test('a phone finds the same first fault in every act and fact as headquarters does', () => {
  const names = [...field.acts(), ...field.facts()].map(({ name }) => name);
  expect(names.length).toBeGreaterThan(20);
  const value = fc.oneof(near, fc.jsonValue());
  let fits = 0;
  fc.assert(
    fc.property(fc.constantFrom(...names), value, (name, body) => {
      const own = field.findAct(name) ?? field.findFact(name);
      const theirs = whole.findAct(name) ?? whole.findFact(name);
      if (own === undefined || theirs === undefined) throw new Error(`${name} is not known`);
      const fault = firstFault(own.check, body);
      expect(fault).toEqual(firstFault(theirs.check, body));
      if (fault === null) fits += 1;
    }),
    { numRuns: 3000 },
  );
  expect(fits).toBeGreaterThan(0);
});
