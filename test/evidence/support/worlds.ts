import { Random } from '../../../kernel/random.ts';
import { drawNegativeBinomial } from '../../../methods/chance/chance.ts';

/** Symmetric quantiles by which forecasts are scored: those of the forecast hubs. */
export const hubLevels = [
  ...[0.01, 0.025, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5],
  ...[0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95, 0.975, 0.99],
];

/** Reports of an invented epidemic, of which the end is known. */
export interface ReportedWorld {
  readonly eventDays: number[];
  readonly reportDays: number[];
  /** [days] events by day, reported or not yet. */
  readonly truth: Float64Array;
  readonly asOf: number;
}

/** Probabilities 0 .. longest of a discretised gamma distribution, by its density at midpoints. */
export function delaysOf(mean: number, longest: number): number[] {
  const shape = 1.6;
  const weights = Array.from(
    { length: longest + 1 },
    (_, delay) => (delay + 0.5) ** (shape - 1) * Math.exp((-(delay + 0.5) * shape) / mean),
  );
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => weight / total);
}

/**
 * A world for the nowcast: a level that wanders, days that scatter about it, delays of one to six
 * days on average, fewer reports at weekends in half of the worlds, and in a third of them delays
 * that become shorter or longer at once in the last six weeks.
 */
export function reportedWorld(seed: number): ReportedWorld {
  const random = new Random(seed);
  const days = 70 + random.below(50);
  const asOf = days - 1;
  const step = 0.02 + 0.1 * random.unit();
  const size = random.pick([4, 10, 30, 100, Infinity]);
  const weekend = random.chance(0.5) ? 0.3 + 0.5 * random.unit() : 1;
  const before = delaysOf(1 + 5 * random.unit(), 20);
  const changeDay = random.chance(1 / 3) ? asOf - 5 - random.below(37) : Infinity;
  const after = delaysOf(1 + 5 * random.unit(), 20);
  const eventDays: number[] = [];
  const reportDays: number[] = [];
  const truth = new Float64Array(days);
  let x = Math.log(5 + 60 * random.unit());
  for (let day = 0; day < days; day++) {
    x += step * random.normal();
    const count = drawNegativeBinomial(random, Math.exp(x), size);
    truth[day] = count;
    const delays = day < changeDay ? before : after;
    const weights = delays.map((share, delay) => share * ((day + delay) % 7 >= 5 ? weekend : 1));
    for (let event = 0; event < count; event++) {
      eventDays.push(day);
      reportDays.push(day + random.weighted(weights));
    }
  }
  return { eventDays, reportDays, truth, asOf };
}

/** An invented epidemic and how it went on. */
export interface RenewalWorld {
  readonly past: number[];
  readonly future: number[];
  readonly interval: number[];
}

/**
 * A world for the forecast, null when it dies out or outgrows 300,000 a day: a renewal process
 * whose log R wanders with steps of 0.03 to 0.12 a day and keeps 80 to 100 % of itself (`walk`), or
 * jumps once, up to six weeks back or in the two weeks ahead, and scatters little (`turn`).
 */
export function renewalWorld(seed: number, family: 'walk' | 'turn'): RenewalWorld | null {
  const random = new Random(seed);
  const mean = 3 + 3 * random.unit();
  const shape = 1 / (0.4 + 0.3 * random.unit()) ** 2;
  const weights = Array.from({ length: 21 }, (_, lag) =>
    Math.exp((shape - 1) * Math.log(lag + 1) - ((lag + 1) * shape) / mean),
  );
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const interval = [0, ...weights.map((weight) => weight / total)];
  const days = 30 + random.below(50);
  const size = random.pick([5, 10, 30, 100, Infinity]);
  const step = 0.03 + 0.09 * random.unit();
  const keep = 0.8 + 0.2 * random.unit();
  const turn = days - 42 + random.below(56);
  const [rising, falling] = [0.1 + 0.4 * random.unit(), -0.5 + 0.5 * random.unit()];
  const start = 10 + random.below(200);
  const counts = Array.from({ length: 10 }, () => drawNegativeBinomial(random, start, size));
  let x = 0.3 * random.normal();
  for (let day = 0; day < days + 14; day++) {
    if (family === 'walk') x = keep * x + step * random.normal();
    else x = (day < turn ? rising : falling) + 0.05 * random.normal();
    let force = 0;
    for (let lag = 1; lag < interval.length && lag <= counts.length; lag++) {
      force += (interval[lag] ?? 0) * (counts[counts.length - lag] ?? 0);
    }
    const expected = force * Math.exp(x);
    if (expected > 300_000) return null;
    counts.push(drawNegativeBinomial(random, expected, size));
  }
  const past = counts.slice(0, -14);
  if (past.slice(-14).every((count) => count === 0)) return null;
  return { past, future: counts.slice(-14), interval };
}
