import { readFileSync } from 'node:fs';
import { assert } from '../kernel/assert.ts';
import { type Day, daysBetween, parseDay } from '../kernel/day.ts';
import type { Random } from '../kernel/random.ts';
import { type Course, type CoursePolicy, drawCourse } from './ct.ts';
import { randomFor } from './households.ts';
import type { Population } from './population.ts';

export const foundIns = ['quarantine', 'screening'] as const;
/** Whether somebody was found among people already apart, or by screening everybody. */
export type FoundIn = (typeof foundIns)[number];

/** One line of a scenario's `infections.csv`: new infections that day, each counted once. */
export interface DailyFinds {
  readonly on: Day;
  readonly foundIn: FoundIn;
  readonly asymptomatic: number;
  readonly confirmed: number;
}

export type Severity = 'asymptomatic' | 'mild' | 'moderate' | 'severe' | 'critical';

/** One made-up infected person. */
export interface Infection {
  readonly person: number;
  readonly foundOn: Day;
  readonly foundIn: FoundIn;
  readonly severity: Severity;
  readonly course: Course;
}

/** Numbers of the epidemic; each value has its source where the scenario sets it. */
export interface EpidemicPolicy {
  readonly course: CoursePolicy;
  /** Where the next find lies, relative to an earlier one; the rest is anywhere. */
  readonly shareByTie: Readonly<Record<FoundIn, Readonly<Record<Tie, number>>>>;
  /** Severe or critical given infected, by age from 0, 60 and 80 years. */
  readonly severeGivenAge: readonly [number, number, number];
  readonly criticalGivenSevere: number;
  readonly moderateGivenSymptoms: number;
}

/** How a find is tied to an earlier one. */
export type Tie = 'household' | 'building' | 'community';

/** Reads `date,found_in,asymptomatic,confirmed`; the file is ours, so a bad line is a bug. */
export function readSeries(file: string): DailyFinds[] {
  const lines = readFileSync(file, 'utf8').trim().split('\n').slice(1);
  return lines.map((line) => {
    const [date, found, asymptomatic, confirmed, ...rest] = line.split(',');
    const on = parseDay(date ?? '');
    const foundIn = foundIns.find((name) => name === found);
    assert(on !== null && foundIn !== undefined && rest.length === 0, `a bad line: ${line}`);
    return { on, foundIn, asymptomatic: Number(asymptomatic), confirmed: Number(confirmed) };
  });
}

/**
 * Rounds scaled counts so that every running total is within one of the exact one: with `start`
 * uniform in [0, 1) each count is right on average, and the whole series adds up.
 */
export class RunningRound {
  #exact = 0;
  #given = 0;
  readonly #start: number;

  constructor(start: number) {
    this.#start = start;
  }

  /** The whole number that stands for `value`. */
  next(value: number): number {
    this.#exact += value;
    const total = Math.floor(this.#exact + this.#start);
    const count = total - this.#given;
    this.#given = total;
    return count;
  }
}

/**
 * Who is found infected on which day, so that the daily totals are the series times `scale`.
 *
 * The whole series is drawn, whatever days are run, so that a later day knows who fell ill
 * before. Finds cluster: each is tied to an earlier one by household, building or community with
 * the shares of the policy, which are assumptions (no contact data of the wave was found).
 */
export function drawInfections(
  population: Population,
  series: readonly DailyFinds[],
  { scale, seed, policy }: { scale: number; seed: number; policy: EpidemicPolicy },
): Infection[] {
  const random = randomFor(seed, 'infections');
  const infected = new Set<number>();
  const sources: number[] = [];
  const infections: Infection[] = [];
  const rounds = new Map<string, RunningRound>();
  for (const finds of series) {
    const before = sources.length;
    for (const kind of ['asymptomatic', 'confirmed'] as const) {
      const key = `${finds.foundIn} ${kind}`;
      const round = rounds.get(key) ?? new RunningRound(random.unit());
      rounds.set(key, round);
      const count = round.next(finds[kind] * scale);
      for (let index = 0; index < count; index++) {
        const person = drawPerson(random, population, { infected, sources, before, finds, policy });
        if (person === null) break;
        infected.add(person);
        sources.push(person);
        infections.push({
          person,
          foundOn: finds.on,
          foundIn: finds.foundIn,
          severity: drawSeverity(random, population.ageYears[person] ?? 0, kind, policy),
          course: drawCourse(random, policy.course),
        });
      }
    }
  }
  return infections;
}

interface DrawFrom {
  readonly infected: ReadonlySet<number>;
  readonly sources: readonly number[];
  /** How many sources there were when the day's line began. */
  readonly before: number;
  readonly finds: DailyFinds;
  readonly policy: EpidemicPolicy;
}

/** Somebody not yet infected, near an earlier find if the dice say so; null when all are. */
function drawPerson(random: Random, population: Population, from: DrawFrom): number | null {
  const { infected, sources, finds, policy } = from;
  if (infected.size >= population.personCount) return null;
  const shares = policy.shareByTie[finds.foundIn];
  // The newest finds have the most contacts that are not ill yet.
  for (let attempt = 0; attempt < 24; attempt++) {
    const tie = drawTie(random, shares);
    if (tie === null || sources.length === 0) break;
    const recent = Math.min(sources.length, 400 + (sources.length - from.before));
    const source = sources[sources.length - 1 - random.below(recent)] ?? 0;
    const [first, end] = runOf(population, source, tie);
    const person = first + random.below(end - first);
    if (!infected.has(person)) return person;
  }
  for (;;) {
    const person = random.below(population.personCount);
    if (!infected.has(person)) return person;
  }
}

function drawTie(random: Random, shares: Readonly<Record<Tie, number>>): Tie | null {
  let left = random.unit();
  for (const tie of ['household', 'building', 'community'] as const) {
    left -= shares[tie];
    if (left < 0) return tie;
  }
  return null;
}

/** First index and end of the people who share a household, building or community with someone. */
export function runOf(population: Population, person: number, tie: Tie): [number, number] {
  if (tie === 'community') {
    const community = population.communities[population.community[person] ?? 0];
    assert(community !== undefined, 'everybody lives in a community');
    return [community.firstIndex, community.firstIndex + community.personCount];
  }
  const starts = tie === 'household' ? population.householdStart : population.buildingStart;
  const index = population[tie][person] ?? 0;
  return [starts[index] ?? 0, starts[index + 1] ?? population.personCount];
}

function drawSeverity(
  random: Random,
  ageYears: number,
  kind: 'asymptomatic' | 'confirmed',
  policy: EpidemicPolicy,
): Severity {
  const [young, old, oldest] = policy.severeGivenAge;
  const severe = ageYears >= 80 ? oldest : ageYears >= 60 ? old : young;
  // Drawn whatever the kind was, so that the day's symptom counts do not move the totals.
  const isSevere = random.chance(severe);
  const isCritical = random.chance(policy.criticalGivenSevere);
  if (isSevere) return isCritical ? 'critical' : 'severe';
  if (kind === 'asymptomatic') return 'asymptomatic';
  return random.chance(policy.moderateGivenSymptoms) ? 'moderate' : 'mild';
}

/**
 * How ill somebody is so many days after being found. Half of those who become more than mildly
 * ill look mild for two days; everybody who recovers is mildly ill at the end.
 */
export function severityOn(infection: Infection, days: number): Severity {
  const { severity, course, person } = infection;
  if (severity === 'asymptomatic' || severity === 'mild') return severity;
  if (person % 2 === 0 && days < 2) return 'mild';
  // The critically ill take about twice as long as their swabs.
  const illDays = course.negativeAfterDays * (severity === 'critical' ? 2 : 1);
  return days < Math.max(illDays, 4) ? severity : 'mild';
}

/** Infections by the day they are found on, with how many days after the first. */
export function byDay(infections: readonly Infection[], first: Day): Map<number, Infection[]> {
  const days = new Map<number, Infection[]>();
  for (const infection of infections) {
    const index = daysBetween(first, infection.foundOn);
    const list = days.get(index);
    if (list === undefined) days.set(index, [infection]);
    else list.push(infection);
  }
  return days;
}
