import { expect, test } from 'vitest';
import reference from '../../methods/delay/cases/coarse-data-tools.json' with { type: 'json' };
import { delayMoments, delayQuantile, type DelayFamily } from '../../methods/delay/distribution.ts';
import { fitDelay } from '../../methods/delay/fit.ts';
import { hasFieldData, isFullEvidence, readField } from '../support/field-data.ts';
import { delayedWorld } from './support/renewal-worlds.ts';

test.skipIf(!hasFieldData)(
  'coarseDataTools on 16 pairs of influenza 2009: the same estimates in all three families',
  () => {
    const observations = readField(`epi/epiestim/${reference.file}`).map((row) => ({
      firstFrom: Number(row['EL']),
      firstTo: Number(row['ER']),
      secondFrom: Number(row['SL']),
      secondTo: Number(row['SR']),
      seenUntil: null,
    }));
    expect(observations.length).toBe(16);
    for (const expected of reference.fits) {
      const own = fitDelay(observations, expected.family as DelayFamily);
      if (own.kind !== 'fitted') throw new Error(`${expected.family} is unfit`);
      expect(own.logLikelihood).toBeCloseTo(expected.logLikelihood, 6);
      expect(own.distribution.first).toBeCloseTo(expected.first, 2);
      expect(own.distribution.second).toBeCloseTo(expected.second, 2);
      expect(delayQuantile(own.distribution, 0.05)).toBeCloseTo(expected.p5, 2);
      expect(delayQuantile(own.distribution, 0.5)).toBeCloseTo(expected.p50, 2);
      expect(delayQuantile(own.distribution, 0.95)).toBeCloseTo(expected.p95, 2);
    }
  },
);

const truths = [
  { family: 'gamma', first: 2.5, second: 2 },
  { family: 'weibull', first: 1.5, second: 6 },
  { family: 'lognormal', first: 1.2, second: 0.6 },
] as const;

// Of few worlds chance alone takes some per cent.
const worlds = isFullEvidence ? 1_000 : 60;
const slack = isFullEvidence ? 0 : 0.06;

test.for(truths)(
  '$family: worlds of 200 truncated delays; 90 % intervals cover mean and sd, and no bias is left',
  { timeout: 900_000 },
  (truth) => {
    const { meanDays, sdDays } = delayMoments(truth);
    let [mean, sd, bias, raw] = [0, 0, 0, 0];
    for (let seed = 1; seed <= worlds; seed++) {
      const observations = delayedWorld(seed, truth);
      const own = fitDelay(observations, truth.family, 0.9);
      if (own.kind !== 'fitted') continue;
      if (own.meanDays.low <= meanDays && meanDays <= own.meanDays.high) mean += 1;
      if (own.sdDays.low <= sdDays && sdDays <= own.sdDays.high) sd += 1;
      bias += (own.meanDays.value / meanDays - 1) / worlds;
      const plain = observations.reduce(
        (sum, { firstFrom, secondFrom }) => sum + (secondFrom - firstFrom) / observations.length,
        0,
      );
      raw += (plain / meanDays - 1) / worlds;
    }
    const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
    console.log(
      `delay, ${truth.family}, ${worlds} worlds: 90 % intervals cover the mean in ` +
        `${percent(mean / worlds)}, the sd in ${percent(sd / worlds)}; bias of the mean ` +
        `${percent(bias)}, of the plain mean ${percent(raw)}`,
    );
    for (const covered of [mean / worlds, sd / worlds]) {
      expect(covered).toBeGreaterThan(0.85 - slack);
      expect(covered).toBeLessThan(0.95 + slack);
    }
    expect(Math.abs(bias)).toBeLessThan(0.02);
    // What the correction is for: delays that had ended by then are the short ones.
    expect(raw).toBeLessThan(-0.05);
  },
);
