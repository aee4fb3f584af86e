import type { FastifyInstance } from 'fastify';
import { type Static, Type } from 'typebox';
import { formatInstant, type Instant } from '../../../kernel/instant.ts';
import { keptAs } from '../../../ledger/room.ts';
import { bedsRowOf, type CapacityPolicy, type UnitState } from '../../../rooms/capacity/index.ts';
import type { RoundState } from '../../../rooms/screening/index.ts';
import { chainLinks, fourAccounts } from '../../postgres/queries/chain.ts';
import * as lists from '../../postgres/queries/lists.ts';
import { listRounds } from '../../postgres/queries/rounds.ts';
import type { Place } from '../../postgres/roster.ts';
import { ask, type Asked, chainQuestion, collectOf, coverageOf, text } from '../asked.ts';
import type { ServerContext } from '../context.ts';
import { registerCoverage, twiceSampled } from './coverage.ts';

const question = Type.Object({ place: text, round: text }, { additionalProperties: false });
type Question = Static<typeof question>;

/** The board and its parts, each also by itself. */
export function registerBoard(app: FastifyInstance, context: ServerContext): void {
  const tags = ['board'];
  const schema = { querystring: question, tags };
  app.get('/v1/board', { schema: { ...schema, summary: 'The board' } }, async (request) => {
    const asked = await ask(context, request, request.query as Question);
    return boardOf(context, asked);
  });
  app.get('/v1/chain', { schema: { ...schema, summary: 'The six links' } }, async (request) => {
    const asked = await ask(context, request, request.query as Question);
    return chainLinks(context.pool, chainQuestion(asked), collectOf(asked));
  });
  app.get(
    '/v1/accounts-four',
    { schema: { ...schema, summary: 'The four accounts' } },
    async (request) => {
      const asked = await ask(context, request, request.query as Question);
      return fourAccounts(context.pool, chainQuestion(asked), collectOf(asked));
    },
  );
  registerCoverage(app, context);
}

async function boardOf(context: ServerContext, asked: Asked): Promise<object> {
  const { pool } = context;
  const { place, round, now } = asked;
  const chain = chainQuestion(asked);
  const collect = collectOf(asked);
  const page = { below: chain.below, after: '', limit: topRows };
  const [links, accounts, rounds, overdue, top, open, found, beds] = await Promise.all([
    chainLinks(pool, chain, collect),
    fourAccounts(pool, chain, collect),
    listRounds(pool),
    lists.countOverdue(pool, chain.below, now),
    lists.listDuties(pool, { ...page, account: null, link: null, state: 'overdue', now }),
    lists.countFindings(pool, chain.below),
    lists.listFindings(pool, { ...page, closed: false, code: null }),
    bedsOf(context, now),
  ]);
  const twice = await twiceSampled(context, asked, false);
  return {
    asOf: formatInstant(now),
    receipt: context.lastReceipt(),
    place: describePlace(context, place),
    round: round === null ? null : describeRound(round),
    rounds: rounds.map(describeRound),
    links,
    accounts,
    coverage: coverageOf(context, asked),
    duties: { overdue, top },
    beds,
    findings: { open: open + twice.length, top: [...found, ...twice].slice(0, topRows) },
  };
}

const topRows = 8;

function describeRound({ round: id, label, stage, startsAt, endsAt, areas }: RoundState): object {
  return { id, label, stage, startsAt, endsAt, areas };
}

function describePlace(context: ServerContext, place: Place): object {
  const parents = place.path
    .split('/')
    .slice(0, -1)
    .map((code) => ({ code, label: context.roster().places.get(code)?.label ?? null }));
  return { code: place.code, kind: place.kind, label: place.label, parents };
}

async function bedsOf(context: ServerContext, now: Instant): Promise<object[]> {
  const rows = await lists.listSubjects(context.pool, {
    prefix: 'unit',
    stage: null,
    done: null,
    search: null,
    below: ['%'],
    after: '',
    limit: 500,
  });
  const policy = keptAs<CapacityPolicy>(context.policy['capacity']);
  return rows.map(({ state }) => bedsRowOf(keptAs<UnitState>(state), now, policy));
}
