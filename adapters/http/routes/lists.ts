import type { FastifyInstance } from 'fastify';
import { type Static, Type } from 'typebox';
import { minuteMs } from '../../../kernel/instant.ts';
import { limits } from '../../../kernel/limits.ts';
import { accounts, type Link, links } from '../../../ledger/derive.ts';
import { specimenStages } from '../../../rooms/results/index.ts';
import * as lists from '../../postgres/queries/lists.ts';
import { ask, text } from '../asked.ts';
import { below, placeOf, type ServerContext } from '../context.ts';
import { twiceSampled } from './coverage.ts';

const strict = { additionalProperties: false };
const paging = {
  place: text,
  after: Type.Optional(Type.String({ maxLength: 400 })),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: limits.pageRowsMax })),
};
const limitDefault = 100;
/** Where a list of duties or findings goes on: instant, subject and key of the last row. */
const rowKey = '\\d{1,16}\\|[^|]+\\|.+';
const afterRow = Type.Optional(Type.String({ maxLength: 400, pattern: `^(${rowKey})?$` }));
/** The same in a link, or the last tube while there are tubes. */
const afterInLink = Type.Optional(
  Type.String({ maxLength: 400, pattern: `^(duty\\|${rowKey}|tube:[^|]+)?$` }),
);

/** The lists behind the numbers. */
export function registerLists(app: FastifyInstance, context: ServerContext): void {
  registerDuties(app, context);
  registerFindings(app, context);
  registerLink(app, context);
  registerSubjects(app, context);
}

const dutiesQuery = Type.Object(
  {
    ...paging,
    after: afterRow,
    account: Type.Optional(Type.Union(accounts.map((each) => Type.Literal(each)))),
    link: Type.Optional(Type.Union(links.map((each) => Type.Literal(each)))),
    state: Type.Optional(
      Type.Union([Type.Literal('open'), Type.Literal('overdue'), Type.Literal('done')]),
    ),
  },
  strict,
);

function registerDuties(app: FastifyInstance, context: ServerContext): void {
  app.get(
    '/v1/duties',
    { schema: { querystring: dutiesQuery, summary: 'Who owes what by when', tags: ['board'] } },
    async (request) => {
      const query = request.query as Static<typeof dutiesQuery>;
      const rows = await lists.listDuties(context.pool, {
        below: below(placeOf(request, context, query.place)),
        after: query.after ?? '',
        limit: query.limit ?? limitDefault,
        account: query.account ?? null,
        link: query.link ?? null,
        state: query.state ?? 'open',
        now: context.clock.now(),
      });
      return paged(rows, query.limit, (row) => `${row.dueAt}|${row.subject}|${row.key}`);
    },
  );
}

const findingsQuery = Type.Object(
  {
    ...paging,
    after: afterRow,
    round: text,
    code: text,
    state: Type.Optional(Type.Union([Type.Literal('open'), Type.Literal('closed')])),
  },
  strict,
);

function registerFindings(app: FastifyInstance, context: ServerContext): void {
  app.get(
    '/v1/findings',
    {
      schema: { querystring: findingsQuery, summary: 'Contradictions to look at', tags: ['board'] },
    },
    async (request) => {
      const query = request.query as Static<typeof findingsQuery>;
      const closed = query.state === 'closed';
      const code = query.code ?? null;
      const asked = await ask(context, request, query);
      const rows = await lists.listFindings(context.pool, {
        below: below(asked.place),
        after: query.after ?? '',
        limit: query.limit ?? limitDefault,
        closed,
        code,
      });
      const first = query.after === undefined || query.after === '';
      const twice = first ? await twiceSampled(context, asked, closed) : [];
      const shown = code === null ? twice : twice.filter((finding) => finding.code === code);
      const { next } = paged(rows, query.limit, (row) => `${row.at}|${row.subject}|${row.key}`);
      return { rows: [...shown, ...rows], next };
    },
  );
}

const linkQuery = Type.Object({ ...paging, after: afterInLink, round: text }, strict);
const linkParams = Type.Object({ link: Type.Union(links.map((each) => Type.Literal(each))) });

/** Specimens waiting in a link, then people: the first pages are of tubes. */
function registerLink(app: FastifyInstance, context: ServerContext): void {
  app.get(
    '/v1/links/:link',
    {
      schema: {
        params: linkParams,
        querystring: linkQuery,
        summary: 'What waits in a link',
        tags: ['board'],
      },
    },
    async (request) => {
      const { link } = request.params as { link: Link };
      const query = request.query as Static<typeof linkQuery>;
      const page = {
        below: below(placeOf(request, context, query.place)),
        limit: query.limit ?? limitDefault,
      };
      const now = context.clock.now();
      const after = query.after ?? '';
      const stages = Object.entries(specimenStages)
        .filter(([, of]) => of === link)
        .map(([stage]) => stage);
      const tubes =
        after.startsWith('duty|') || stages.length === 0
          ? []
          : await lists.listSpecimens(context.pool, {
              ...page,
              after,
              stages,
              round: query.round ?? null,
            });
      const rows = tubes.map((row) => ({
        ...row,
        ageMinutes: row.since === null ? null : Math.floor((now - row.since) / minuteMs),
        overdue: row.dueAt !== null && row.dueAt < now,
      }));
      if (rows.length >= page.limit) return { rows, next: rows.at(-1)?.subject ?? null };
      const duties = await lists.listDuties(context.pool, {
        ...page,
        limit: page.limit - rows.length,
        after: after.startsWith('duty|') ? after.slice(5) : '',
        account: null,
        link,
        state: 'open',
        now,
      });
      const owed = duties
        .filter(({ person }) => person !== null)
        .map(({ owner, ...row }) => ({
          ...row,
          stage: row.kind,
          holder: owner,
          ageMinutes: Math.floor((now - row.since) / minuteMs),
        }));
      const last = duties.length >= page.limit - rows.length ? duties.at(-1) : undefined;
      const next = last === undefined ? null : `duty|${last.dueAt}|${last.subject}|${last.key}`;
      return { rows: [...rows, ...owed], next };
    },
  );
}

const subjectsQuery = Type.Object(
  {
    ...paging,
    prefix: Type.String({ pattern: '^[a-z-]{1,40}$' }),
    stage: text,
    done: Type.Optional(Type.Boolean()),
    q: text,
  },
  strict,
);

function registerSubjects(app: FastifyInstance, context: ServerContext): void {
  app.get(
    '/v1/subjects',
    {
      schema: {
        querystring: subjectsQuery,
        summary: 'Boxes, plates, cases, stays …',
        tags: ['desks'],
      },
    },
    async (request) => {
      const query = request.query as Static<typeof subjectsQuery>;
      const page = {
        below: below(placeOf(request, context, query.place)),
        after: query.after ?? '',
        limit: query.limit ?? limitDefault,
      };
      if (query.prefix === 'tube') {
        const stages = query.stage === undefined ? Object.keys(specimenStages) : [query.stage];
        const rows = await lists.listSpecimens(context.pool, { ...page, stages, round: null });
        return paged(rows, query.limit, ({ subject }) => subject);
      }
      const rows = await lists.listSubjects(context.pool, {
        ...page,
        prefix: query.prefix,
        stage: query.stage ?? null,
        done: query.done ?? null,
        search: query.q ?? null,
      });
      return paged(rows, query.limit, ({ subject }) => subject);
    },
  );
}

function paged<R>(
  rows: readonly R[],
  limit: number | undefined,
  keyOf: (row: R) => string,
): { rows: readonly R[]; next: string | null } {
  const last = rows.at(-1);
  const full = rows.length >= (limit ?? limitDefault);
  return { rows, next: full && last !== undefined ? keyOf(last) : null };
}
