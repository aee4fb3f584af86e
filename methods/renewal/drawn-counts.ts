import { assert } from '../../kernel/assert.ts';
import type { Random } from '../../kernel/random.ts';
import { drawGamma } from '../chance/chance.ts';
import {
  type GammaPrior,
  infectiousness,
  reproductionProbabilities,
  type ReproductionWindow,
} from './reproduction.ts';
import { meanOfInterval } from './serial-interval.ts';

/** A series whose last days are known as draws only. */
export interface DrawnCountsInput {
  /** [days] infections by day; those of the drawn days are not looked at. */
  readonly incidence: ArrayLike<number>;
  /** Part of the incidence that was infected elsewhere, as far as known; nothing by default. */
  readonly imported?: ArrayLike<number>;
  /** [draws x drawn days] totals of the last days, draw by draw. */
  readonly paths: ArrayLike<number>;
  readonly draws: number;
  readonly interval: ArrayLike<number>;
  readonly windows: readonly ReproductionWindow[];
  readonly prior: GammaPrior;
  readonly random: Random;
}

/** The reproduction number on a window, its counts as uncertain as they are. */
export interface DrawnReproduction extends ReproductionWindow {
  readonly mean: number;
  /** As `reproductionProbabilities` has them. */
  readonly quantiles: readonly number[];
}

/**
 * Reproduction number on windows that hold days whose reports are not all in.
 *
 * Method    for each draw of the last days the posterior of `reproduction`, and one draw from it;
 *           quantiles of these draws are those of the mixture
 * Input     incidence  [days]                persons/day, >= 0, oldest first
 *           imported   [days]                of these infected elsewhere, persons/day
 *           paths      [draws x drawn days]  persons/day, >= 0, draw by draw
 *           interval   [lags]                probabilities from lag 0, which is 0
 *           windows    [windows]             first and last day, from 1
 *           prior, random, draws             gamma, source of chance, scalar
 * Output    mean and quantiles of R on each window, dimensionless
 * Refuses   leaves out windows that end before the mean serial interval
 * Asserts   whole draws, no more drawn days than days
 * Numerics  the error of a quantile is that of `draws` draws
 * Cost      draws x (days x lags + windows x window length), and a gamma draw for each window
 * Source    Cori et al. 2013, Am J Epidemiol 178(9):1505-1512; the mixture as in Günther et al.
 *           2021, Biom J 63(3):490-502
 * Evidence  test/evidence/renewal-nowcast.test.ts
 */
export function reproductionOfDraws(input: DrawnCountsInput): DrawnReproduction[] {
  const { incidence, imported, paths, draws, interval, prior, random } = input;
  const drawnDays = paths.length / draws;
  const first = incidence.length - drawnDays;
  assert(Number.isInteger(drawnDays) && first >= 0, 'draws are of the last days');
  const meanInterval = meanOfInterval(interval);
  const windows = input.windows.filter(({ tEnd }) => tEnd > meanInterval);
  const counts = Float64Array.from(incidence);
  const values = windows.map(() => new Float64Array(draws));
  const means = new Float64Array(windows.length);
  for (let draw = 0; draw < draws; draw++) {
    for (let day = 0; day < drawnDays; day++) {
      counts[first + day] = paths[draw * drawnDays + day] ?? 0;
    }
    const pressure = infectiousness(counts, interval);
    windows.forEach(({ tStart, tEnd }, index) => {
      let [cases, force] = [0, 0];
      for (let day = tStart - 1; day < tEnd; day++) {
        // A drawn day may have fewer infections than are known to have been brought in.
        cases += Math.max(0, (counts[day] ?? 0) - (imported?.[day] ?? 0));
        force += pressure[day] ?? 0;
      }
      const shape = prior.shape + cases;
      const scale = 1 / (1 / prior.scale + force);
      means[index] = (means[index] ?? 0) + (shape * scale) / draws;
      const drawn = values[index];
      if (drawn !== undefined) drawn[draw] = drawGamma(random, shape, scale);
    });
  }
  return windows.map((window, index) => {
    const sorted = (values[index] ?? new Float64Array(draws)).sort();
    const quantiles = reproductionProbabilities.map(
      (level) => sorted[Math.min(draws - 1, Math.floor(level * draws))] ?? 0,
    );
    return { ...window, mean: means[index] ?? 0, quantiles };
  });
}
