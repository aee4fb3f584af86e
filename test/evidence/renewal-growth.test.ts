import { expect, test } from 'vitest';
import { growthRate } from '../../methods/renewal/growth.ts';
import { growingWorld } from './support/renewal-worlds.ts';

test('the rate, its error and its dispersion are those of R’s glm, quasipoisson', () => {
  // R 4.2.2: glm(y ~ t, family = quasipoisson): coefficient, dispersion, standard error, qt(0.975).
  const cases = [
    {
      counts: [3, 5, 4, 9, 12, 15, 22],
      expected: [0.330206211231167, 0.181115718058278, 0.0678396600171393, 2.57058183563631],
    },
    {
      counts: [40, 31, 33, 20, 22, 15, 9, 11, 6, 7],
      expected: [-0.208066406108067, 0.487172149405429, 0.0277059239168138, 2.30600413520417],
    },
    {
      counts: [0, 1, 0, 0, 2, 0, 3, 1],
      expected: [0.279694816821927, 1.23205598151208, 0.185747593757248, 2.44691185114497],
    },
  ];
  for (const { counts, expected } of cases) {
    const [rate = 0, dispersion = 0, plainError = 0, t = 0] = expected;
    const own = growthRate(counts);
    // Here a dispersion below 1 counts as 1: scatter below chance is luck, not knowledge.
    const scale = Math.max(1, dispersion);
    expect(own?.rate).toBeCloseTo(rate, 12);
    expect(own?.dispersion).toBeCloseTo(scale, 6);
    expect((own?.high ?? 0) - rate).toBeCloseTo(t * plainError * Math.sqrt(scale), 6);
  }
});

test('1,000 worlds: 90 % intervals of the growth rate cover 85 to 95 %', () => {
  let [covered, bias] = [0, 0];
  const worlds = 1_000;
  for (let seed = 1; seed <= worlds; seed++) {
    const { counts, rate } = growingWorld(seed);
    const own = growthRate(counts, 0.9);
    if (own === null) continue;
    if (own.low <= rate && rate <= own.high) covered += 1;
    bias += own.rate - rate;
  }
  console.log(
    `growth, ${worlds} worlds: 90 % intervals cover ${((100 * covered) / worlds).toFixed(1)} %; ` +
      `mean bias ${(bias / worlds).toFixed(4)} a day`,
  );
  expect(covered / worlds).toBeGreaterThan(0.85);
  expect(covered / worlds).toBeLessThan(0.95);
});
