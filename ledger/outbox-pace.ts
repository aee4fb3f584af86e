import { limits } from '../kernel/limits.ts';

/** How fast an outbox goes, and where each of its limits lies. */
export interface OutboxPace {
  /** The shortest rest after a failure, whatever pushes from outside. */
  readonly restMsMin: number;
  /** The longest rest that the outbox chooses by itself. */
  readonly restMsMax: number;
  /** The longest rest that a server may ask for. */
  readonly retryAfterMsMax: number;
  /** The round trip that batches are sized for. */
  readonly roundTripMs: number;
  readonly sizeFirst: number;
  /** Facts by which a batch grows after a quick and full one. */
  readonly sizeStep: number;
  readonly sizeMax: number;
  /** Answers that may pass an item over before it is set aside. */
  readonly silencesMax: number;
  /** Faults of the server in a row before the batch is suspected rather than the server. */
  readonly faultsMax: number;
  /** Items refused alone in a row before the outbox slows down: perhaps it is not the items. */
  readonly loneRefusalsMax: number;
}

/**
 * Rests from 1 s to 5 min: below, a phone in a lift asks sixty times a minute; above, a team waits
 * beside a working network. Two seconds a batch: long enough to be worth its overhead at 3 Mbit/s,
 * short enough that a cut costs little. Growth by addition and shrinking by half settle near the
 * largest batch that the line carries (Chiu and Jain 1989, doi:10.1016/0169-7552(89)90019-6).
 */
export const defaultPace: OutboxPace = {
  restMsMin: 1_000,
  restMsMax: 300_000,
  retryAfterMsMax: 3_600_000,
  roundTripMs: 2_000,
  sizeFirst: 50,
  sizeStep: 50,
  sizeMax: limits.factsPerBatchMax,
  silencesMax: 5,
  faultsMax: 3,
  loneRefusalsMax: 8,
};

/**
 * How long to rest after so many failures in a row: uniform up to a bound that doubles each time
 * (full jitter, Brooker 2015), never under the floor and never over the ceiling.
 */
export function restMs(
  pace: OutboxPace,
  { failures, draw }: { failures: number; draw: number },
): number {
  const bound = Math.min(pace.restMsMax, pace.restMsMin * 2 ** Math.min(failures, 30));
  return Math.max(pace.restMsMin, Math.round(draw * bound));
}

/** The size of the next batch after one that was answered. */
export function sizeAfter(
  pace: OutboxPace,
  { size, sent, tookMs }: { size: number; sent: number; tookMs: number },
): number {
  if (tookMs > 2 * pace.roundTripMs) return halved(size);
  // A batch that was not full says nothing about larger ones.
  if (tookMs > pace.roundTripMs || sent < size) return size;
  return Math.min(pace.sizeMax, size + pace.sizeStep);
}

/** Half of a size, never less than one. */
export function halved(size: number): number {
  return Math.max(1, Math.floor(size / 2));
}
