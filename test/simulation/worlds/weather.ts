import { dayMs, hourMs } from '../../../kernel/instant.ts';
import type { Random } from '../../../kernel/random.ts';

/** What may go wrong in one world: probabilities by occasion, or counts; 0 is never. */
export interface Weather {
  /** How long people work before the faults stop. */
  readonly spanMs: number;
  readonly requestLost: number;
  readonly answerLost: number;
  /** The request arrives twice, the second time later. */
  readonly doubled: number;
  /** The request is on its way for minutes, so that later ones overtake it. */
  readonly delayed: number;
  /** Something on the way puts the items of a batch in another order. */
  readonly shuffled: number;
  /** Something on the way passes on only the first items. */
  readonly cutShort: number;
  /** The answer says nothing of some items. */
  readonly stripped: number;
  /** A network that answers every request with its own page. */
  readonly captive: number;
  readonly crashBeforeCommit: number;
  /** Stopped between the write and the reply. */
  readonly crashAfterCommit: number;
  readonly fault: number;
  readonly overloaded: number;
  /** Minutes that an overloaded server asks for; now and then somebody mistypes them. */
  readonly retryAfterMinutes: number;
  /** Server down, times in a world. */
  readonly outages: number;
  /** For a time everything is refused as a whole. */
  readonly forbidding: number;
  readonly signedOut: number;
  /** The most facts that the line carries in time; 0 is no limit. */
  readonly lineFacts: number;
  /** The most facts that the server takes in one batch. */
  readonly batchMax: number;
  /** Timers that ring early. */
  readonly earlyTimers: number;
  /** The system says that the network comes and goes, times in a world. */
  readonly flapping: number;
  /** The system says that there is no network although there is one. */
  readonly wrongHint: boolean;
  /** Somebody taps on *try now* as soon as something has failed. */
  readonly impatient: number;
  /** Somebody goes on with their work as soon as everything is sent. */
  readonly eager: number;
  readonly weeksOffline: number;
  readonly clockJumps: number;
  readonly storageFull: number;
  readonly appKilled: number;
  readonly lost: boolean;
  readonly restored: boolean;
  /** A backup goes onto a second phone while the first goes on. */
  readonly cloned: boolean;
  /** Act ids that count up, so that a restored phone gives the same id again. */
  readonly countedIds: boolean;
  /** Facts of a newer or older app among those of the phones. */
  readonly otherVersion: number;
  /** Facts for which something on the way refuses the whole batch. */
  readonly blocked: number;
  /** Facts over which the server fails. */
  readonly poisoned: number;
  /** Facts that no answer ever mentions. */
  readonly silent: number;
  readonly relayed: boolean;
  readonly stranger: boolean;
}

/**
 * Draws a world's weather. Swarm testing (Groce et al. 2012, doi:10.1145/2338965.2336763): each
 * fault is off in most worlds and heavy in some, which meets combinations that a steady drizzle
 * of everything never does.
 */
export function drawWeather(random: Random): Weather {
  const share = (max: number): number => (random.chance(0.4) ? random.unit() * max : 0);
  const times = (max: number): number => (random.chance(0.4) ? random.between(1, max) : 0);
  const isSo = (): boolean => random.chance(0.3);
  return {
    spanMs: random.pick([dayMs, 3 * dayMs, 20 * dayMs]) + random.below(6) * hourMs,
    requestLost: share(0.6),
    answerLost: share(0.6),
    doubled: share(0.5),
    delayed: share(0.4),
    shuffled: share(0.7),
    cutShort: share(0.5),
    stripped: share(0.4),
    captive: share(0.3),
    crashBeforeCommit: share(0.3),
    crashAfterCommit: share(0.4),
    fault: share(0.4),
    overloaded: share(0.4),
    retryAfterMinutes: random.pick([0, 1, 10]),
    outages: times(3),
    forbidding: times(2),
    signedOut: times(3),
    lineFacts: isSo() ? random.between(1, 12) : 0,
    batchMax: random.pick([2, 5, 20, 500]),
    earlyTimers: share(0.5),
    flapping: times(30),
    wrongHint: random.chance(0.15),
    impatient: share(0.8),
    eager: share(0.7),
    weeksOffline: share(1),
    clockJumps: times(5),
    storageFull: times(4),
    appKilled: times(6),
    lost: isSo(),
    restored: isSo(),
    cloned: random.chance(0.3),
    countedIds: random.chance(0.5),
    otherVersion: times(4),
    blocked: times(2),
    poisoned: times(2),
    silent: times(2),
    relayed: isSo(),
    stranger: random.chance(0.5),
  };
}

/** What remains when the faults have stopped: what things are like, not what goes wrong. */
export function calm(weather: Weather): Weather {
  return {
    ...weather,
    requestLost: 0,
    answerLost: 0,
    doubled: 0,
    delayed: 0,
    shuffled: 0,
    cutShort: 0,
    stripped: 0,
    captive: 0,
    crashBeforeCommit: 0,
    crashAfterCommit: 0,
    fault: 0,
    overloaded: 0,
    impatient: 0,
    eager: 0,
  };
}
