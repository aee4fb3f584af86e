import fc from 'fast-check';
import { Value } from 'typebox/value';
import { describe, expect, it } from 'vitest';
import { callTarget, callWell, canonicalTarget, controlRan, type WellReading } from './calls.ts';
import { nationalRuleSet, policyDefaults, policySchema, type RuleSet, ruleSet } from './rules.ts';
import { isPlateWell, plateWells, readWell, wellByNumber } from './wells.ts';

const [orf] = nationalRuleSet.targets;
const well = (ORF1ab: number | null, N: number | null, IC: number | null = 28): WellReading[] => [
  ['ORF1ab', ORF1ab],
  ['N', N],
  ['IC', IC],
];
const call = (readings: readonly WellReading[], rules: RuleSet = nationalRuleSet): string => {
  const { call: name, reason } = callWell(readings, rules);
  return `${name}, ${reason}`;
};

describe('LA-4 calls', () => {
  it('LA-4 the cut-offs of the national guide: below 37 positive, 37 to 40 grey, 40 negative', () => {
    if (orf === undefined) throw new Error('the rule set has targets');
    // The guide as re-posted: no Ct or Ct 40 negative; Ct < 37 positive; 37 to 40 grey.
    const expected = [
      [36.99, 'positive'],
      [37, 'grey'],
      [39.99, 'grey'],
      [40, 'negative'],
      [null, 'negative'],
    ] as const;
    for (const [ct, name] of expected) expect(callTarget(ct, orf)).toBe(name);
  });

  it('LA-4 both targets make a positive, one alone is grey', () => {
    expect(call(well(25, 24))).toBe('positive, all-targets');
    expect(call(well(25, null))).toBe('grey, one-target');
    expect(call(well(25, 38))).toBe('grey, grey-zone');
    expect(call(well(38, null))).toBe('grey, grey-zone');
    expect(call(well(null, null))).toBe('negative, no-target');
  });

  it('LA-4 nothing found counts only if the internal control ran', () => {
    expect(call(well(null, null, null))).toBe('invalid, no-internal-control');
    expect(call(well(null, null, 38.1))).toBe('invalid, no-internal-control');
    expect(call(well(null, null, 38))).toBe('negative, no-target');
  });

  it('LA-4 a signal stands without the internal control, unless the kit says otherwise', () => {
    expect(call(well(20, 19, null))).toBe('positive, all-targets');
    const strict = { ...nationalRuleSet, signalNeedsInternalControl: true };
    expect(call(well(20, 19, null), strict)).toBe('invalid, no-internal-control');
    const bare = { ...nationalRuleSet, internalControl: null };
    expect(call(well(null, null, null), bare)).toBe('negative, no-target');
  });

  it('LA-4 a target that was not read, or read twice otherwise, gives no result', () => {
    expect(
      call([
        ['N', null],
        ['IC', 28],
      ]),
    ).toBe('invalid, not-read');
    expect(call([])).toBe('invalid, not-read');
    expect(call([...well(25, 24), ['N gene', 30]])).toBe('invalid, reading-unsure');
    expect(call([...well(25, 24), ['N gene', 24]])).toBe('positive, all-targets');
  });

  it('LA-4 targets are known by the names that kits and instruments use', () => {
    const names = {
      'ORF1a/b': 'ORF1ab',
      'orf 1ab': 'ORF1ab',
      N基因: 'N',
      RNaseP: 'IC',
      内标: 'IC',
    };
    for (const [written, name] of Object.entries(names)) {
      expect(canonicalTarget(written, nationalRuleSet)).toBe(name);
    }
    expect(canonicalTarget('S gene', nationalRuleSet)).toBeNull();
  });

  it('LA-4 calls are total: any readings under any rule set', () => {
    const ct = fc.option(fc.oneof(fc.double(), fc.double({ min: 0, max: 60 })));
    const name = fc.oneof(fc.constantFrom('ORF1ab', 'N', 'IC', '内标', ''), fc.string());
    const cycles = fc.double({ min: 0.01, max: 60, noNaN: true });
    const target = fc.record({
      name,
      aliases: fc.array(name),
      positiveBelowCt: cycles,
      greyBelowCt: cycles,
    });
    const rules: fc.Arbitrary<RuleSet> = fc.record({
      id: fc.constant('drawn'),
      targets: fc.array(target, { minLength: 1, maxLength: 4 }),
      internalControl: fc.option(fc.record({ name, aliases: fc.array(name), ctMax: cycles })),
      signalNeedsInternalControl: fc.boolean(),
      controls: fc.constant(nationalRuleSet.controls),
    });
    const readings = fc.array(fc.tuple(name, ct), { maxLength: 8 });
    const seen = new Set<string>();
    fc.assert(
      fc.property(readings, rules, (list, drawn) => {
        for (const each of [drawn, nationalRuleSet]) {
          const { call: given } = callWell(list, each);
          expect(['negative', 'positive', 'grey', 'invalid']).toContain(given);
          expect(typeof controlRan('positive', list, each)).toBe('boolean');
          seen.add(given);
        }
      }),
    );
    expect(seen).toContain('invalid');
  });

  it('LA-4 a lower Ct of any target never makes a call less grave, all being read', () => {
    const grave = ['negative', 'grey', 'positive'];
    const ct = fc.option(fc.double({ min: 0.01, max: 60, noNaN: true }));
    fc.assert(
      fc.property(ct, ct, fc.double({ min: 0, max: 20, noNaN: true }), (first, second, drop) => {
        const before = callWell(well(first, second), nationalRuleSet).call;
        const lower = first === null ? 30 : Math.max(0.01, first - drop);
        const after = callWell(well(lower, second), nationalRuleSet).call;
        expect(grave.indexOf(after)).toBeGreaterThanOrEqual(grave.indexOf(before));
      }),
    );
  });

  it('LA-4 the default settings fit their own schema', () => {
    expect(Value.Check(policySchema, policyDefaults)).toBe(true);
    expect(Value.Check(ruleSet, nationalRuleSet)).toBe(true);
  });
});

describe('LA-2 wells', () => {
  it('LA-2 a plate has 96 wells, numbered along the rows', () => {
    expect(plateWells).toHaveLength(96);
    expect([1, 12, 13, 96].map(wellByNumber)).toEqual(['A1', 'A12', 'B1', 'H12']);
    expect([0, 97, 1.5].map(wellByNumber)).toEqual([null, null, null]);
  });

  it('LA-2 wells are read however written, and nothing else is', () => {
    expect(['A1', 'a01', ' h12 ', 'Ｂ０３', 'A001'].map(readWell)).toEqual([
      'A1',
      'A1',
      'H12',
      'B3',
      'A1',
    ]);
    expect(['', 'A', '1', 'A0', 'A13', 'I1', 'A1B', 'AA1'].map(readWell)).toEqual(
      Array.from({ length: 8 }, () => null),
    );
    for (const name of plateWells) expect(readWell(name)).toBe(name);
    expect(isPlateWell('A01')).toBe(false);
  });
});
