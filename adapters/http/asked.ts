import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import type { Instant } from '../../kernel/instant.ts';
import {
  countsAt,
  type CoverageBook,
  type CoverageCounts,
  type RoundState,
} from '../../rooms/screening/index.ts';
import { chooseRound } from '../postgres/queries/rounds.ts';
import type { Place } from '../postgres/roster.ts';
import { below, placeOf, type ServerContext } from './context.ts';
import { Problem } from './problem.ts';

/** A code in a query string. */
export const text = Type.Optional(Type.String({ maxLength: 80 }));

interface Question {
  readonly place?: string;
  readonly round?: string;
}

/** What is asked, worked out: the place, the round, and its coverage up to now. */
export interface Asked {
  readonly place: Place;
  readonly round: RoundState | null;
  readonly book: CoverageBook | null;
  readonly counts: Int32Array | null;
  readonly own: CoverageCounts | null;
  readonly now: Instant;
}

/** Works out what a question with `place` and `round` is about. */
export async function ask(
  context: ServerContext,
  request: FastifyRequest,
  { place: code, round: id }: Question,
): Promise<Asked> {
  const place = placeOf(request, context, code);
  const round = await chooseRound(context.pool, id);
  if (round === null && id !== undefined && id !== '') {
    throw new Problem('screening.unknown-round', `there is no round ${id}`, { status: 404 });
  }
  const book = round === null ? null : await context.coverages.book(context.pool, round.round);
  const counts = book?.countByPlace() ?? null;
  const index = context.roster().indexOf(place.code);
  const own = counts === null ? null : countsAt(counts, index);
  return { place, round, book, counts, own, now: context.clock.now() };
}

/** The question to the queries about the chain. */
export function chainQuestion({ place, round, now }: Asked): {
  below: readonly string[];
  round: string | null;
  now: Instant;
} {
  return { below: below(place), round: round?.round ?? null, now };
}

/** What the first link and the test account need of the round. */
export function collectOf({ own, round }: Asked): {
  counts: CoverageCounts | null;
  startsAt: Instant | null;
  endsAt: Instant | null;
} {
  return { counts: own, startsAt: round?.startsAt ?? null, endsAt: round?.endsAt ?? null };
}

/** Counts of a place and of the places directly below it. */
export function coverageOf(context: ServerContext, { place, counts, own }: Asked): object {
  const roster = context.roster();
  const children = roster.childrenOf(place.code).map(({ code, label, kind }) => ({
    code,
    label,
    kind,
    ...(counts === null ? noCounts : countsAt(counts, roster.indexOf(code))),
  }));
  return { ...(own ?? noCounts), children };
}

const noCounts: CoverageCounts = { roster: 0, sampled: 0, excused: 0, open: 0 };
