import { type Day, daysBetween } from '../../kernel/day.ts';
import type { DateKind, TrendCase } from './incidence.ts';

/** What stands beside every figure of the trend: how far its data can be trusted. */
export interface TrendQuality {
  /** New infections that the figures rest on; conversions are not among them. */
  readonly infections: number;
  readonly conversions: number;
  readonly reinfections: number;
  /** Shares 0 .. 1 of infections without the date; null without infections. */
  readonly shareUndated: { readonly [kind in DateKind]: number | null };
  readonly shareFoundUnknown: number | null;
  /** Infections whose dates contradict: reported before sampled, or after the present. */
  readonly contradictions: number;
  /** Days from onset to report and from sample to report, of those that have both. */
  readonly onsetToReportDays: DelayFigures;
  readonly sampleToReportDays: DelayFigures;
  /** Days between the first report and the present on which nothing was reported at all. */
  readonly silentDays: number;
}

/** Some quantiles of a delay; null where nobody has both dates. */
export interface DelayFigures {
  readonly count: number;
  readonly median: number | null;
  readonly q90: number | null;
  readonly longest: number | null;
}

/** Rule TD-8. The state of the data behind figures made on a day. */
export function qualityOf(cases: Iterable<TrendCase>, asOf: Day): TrendQuality {
  const undated = { onset: 0, sampled: 0, reported: 0 };
  const onsetDelays: number[] = [];
  const sampleDelays: number[] = [];
  const reportDays = new Set<Day>();
  const number = dayNumbers(asOf);
  let [infections, conversions, reinfections, unknown, contradictions] = [0, 0, 0, 0, 0];
  for (const each of cases) {
    if (each.entry === 'conversion') {
      conversions += 1;
      continue;
    }
    infections += 1;
    if (each.entry === 'reinfection') reinfections += 1;
    if (each.found === 'unknown') unknown += 1;
    if (each.onset === null) undated.onset += 1;
    if (each.sampled === null) undated.sampled += 1;
    if (each.reported === null) undated.reported += 1;
    else reportDays.add(each.reported);
    if (isContradictory(each, asOf)) {
      contradictions += 1;
      continue;
    }
    if (each.reported === null) continue;
    if (each.onset !== null) onsetDelays.push(number(each.reported) - number(each.onset));
    if (each.sampled !== null) sampleDelays.push(number(each.reported) - number(each.sampled));
  }
  const share = (count: number): number | null => (infections === 0 ? null : count / infections);
  return {
    infections,
    conversions,
    reinfections,
    shareUndated: {
      onset: share(undated.onset),
      sampled: share(undated.sampled),
      reported: share(undated.reported),
    },
    shareFoundUnknown: share(unknown),
    contradictions,
    onsetToReportDays: figuresOf(onsetDelays),
    sampleToReportDays: figuresOf(sampleDelays),
    silentDays: silentDaysOf(reportDays, asOf),
  };
}

/** Days as numbers; each is read once, since there are few days and many entries. */
function dayNumbers(asOf: Day): (day: Day) => number {
  const known = new Map<Day, number>();
  return (day) => {
    const found = known.get(day) ?? daysBetween(asOf, day);
    known.set(day, found);
    return found;
  };
}

/** A report before its sample, or a date after the present. Onset may follow the sample. */
function isContradictory({ onset, sampled, reported }: TrendCase, asOf: Day): boolean {
  if (sampled !== null && reported !== null && reported < sampled) return true;
  return [onset, sampled, reported].some((day) => day !== null && day > asOf);
}

function figuresOf(delays: number[]): DelayFigures {
  const sorted = delays.sort((left, right) => left - right);
  const at = (level: number): number | null =>
    sorted[Math.max(0, Math.ceil(level * sorted.length) - 1)] ?? null;
  return { count: sorted.length, median: at(0.5), q90: at(0.9), longest: sorted.at(-1) ?? null };
}

function silentDaysOf(reportDays: ReadonlySet<Day>, asOf: Day): number {
  const past = [...reportDays].filter((day) => day <= asOf).sort();
  const [first] = past;
  return first === undefined ? 0 : daysBetween(first, asOf) + 1 - past.length;
}
