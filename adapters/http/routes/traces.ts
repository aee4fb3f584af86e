import type { FastifyInstance } from 'fastify';
import { type Static, Type } from 'typebox';
import type { Json } from '../../../kernel/assert.ts';
import { readSpecimen, stageOf } from '../../../rooms/results/index.ts';
import * as traces from '../../postgres/queries/traces.ts';
import { readKept, wholeRecords } from '../../postgres/specimens.ts';
import { covers } from '../../../ledger/access.ts';
import { keptAs } from '../../../ledger/room.ts';
import { actorOf, type ServerContext, viewsOf } from '../context.ts';
import { Problem } from '../problem.ts';
import type { FastifyRequest } from 'fastify';

const params = Type.Object({
  what: Type.Union([Type.Literal('tube'), Type.Literal('person'), Type.Literal('box')]),
  id: Type.String({ minLength: 1, maxLength: 80 }),
});

const personParams = Type.Object({ id: Type.Integer({ minimum: 1, maximum: 2_147_483_647 }) });

/** Earlier tubes are in the trace: whoever asks for a result asks for the last few. */
const resultsMax = 10;

/** The whole chain of a tube, a person or a box, hand by hand. */
export function registerTraces(app: FastifyInstance, context: ServerContext): void {
  app.get(
    '/v1/trace/:what/:id',
    { schema: { params, summary: 'Hand by hand', tags: ['desks'] } },
    async (request) => {
      actorOf(request);
      const { what, id } = request.params as Static<typeof params>;
      const trace = await traceOf(context, what, id);
      const steps = trace.steps.filter((step) => maySee(request, context, step.place));
      if (steps.length === 0) {
        throw new Problem('ledger.unknown-subject', `nothing is on record of ${what} ${id}`, {
          status: 404,
        });
      }
      return { subject: `${what}:${id}`, ...trace, steps };
    },
  );
  app.get(
    '/v1/persons/:id/result',
    {
      schema: {
        params: personParams,
        summary: 'Tubes of a person and what came of them, the latest first',
        tags: ['desks'],
      },
    },
    async (request) => {
      const { id: person } = request.params as Static<typeof personParams>;
      const home = context.roster().homeOf(person);
      if (home === null || !maySee(request, context, home)) {
        throw new Problem('persons.unknown-person', `nobody of yours has number ${person}`, {
          status: 404,
        });
      }
      return { person, tubes: await resultsOf(context, person) };
    },
  );
  app.get(
    '/v1/tubes/:id',
    { schema: { params: Type.Object({ id: Type.String() }), summary: 'A tube', tags: ['desks'] } },
    async (request) => {
      const { id } = request.params as { id: string };
      const state = await traces.findSpecimen(context.pool, id, viewsOf(context));
      if (state === null || !maySee(request, context, readSpecimen(state).seal?.place ?? null)) {
        throw new Problem('ledger.unknown-subject', `nobody has seen tube ${id}`, { status: 404 });
      }
      const specimen = readSpecimen(state);
      return { ...specimen, ...stageOf(specimen) };
    },
  );
  app.get(
    '/v1/subjects/:subject',
    {
      schema: {
        params: Type.Object({ subject: Type.String({ maxLength: 240 }) }),
        summary: 'A subject with its history',
        tags: ['desks'],
      },
    },
    async (request) => {
      const { subject } = request.params as { subject: string };
      return subjectOf(request, context, subject);
    },
  );
}

/** What has no place belongs to the whole tree: whoever sees a root of it may see that too. */
function maySee(request: FastifyRequest, context: ServerContext, place: string | null): boolean {
  const roster = context.roster();
  const path = place === null ? null : roster.pathOf(place);
  const paths = path === null ? roster.childrenOf(null).map(({ code }) => code) : [path];
  return actorOf(request).grants.some(
    (grant) => grant.place === '*' || paths.some((each) => covers(grant.place, each)),
  );
}

async function traceOf(
  context: ServerContext,
  what: Static<typeof params>['what'],
  id: string,
): Promise<{ steps: traces.Step[]; gaps: Json; specimen?: Json }> {
  const { pool } = context;
  if (what === 'tube') {
    const state = await traces.findSpecimen(pool, id, viewsOf(context));
    const steps = await traces.historyOf(pool, traces.subjectsOfTube(id, state));
    const specimen = state === null ? null : keptAs<Json>(readSpecimen(state));
    return { steps, gaps: await gapsOf(context, [`specimen:${id}`, `tube:${id}`]), specimen };
  }
  if (what === 'box') {
    const steps = await traces.historyOf(pool, [`box:${id}`]);
    return { steps, gaps: await gapsOf(context, [`box:${id}`]) };
  }
  const person = /^\d{1,10}$/.test(id) ? Number(id) : 0;
  const tubes = await tubesHolding(context, person);
  const subjects = await traces.subjectsOfPerson(pool, person);
  const about = [...subjects, ...tubes.map(({ tube }) => `tube:${tube}`)];
  return { steps: await traces.historyOf(pool, about), gaps: await gapsOf(context, about) };
}

/** What came of the last tubes of a person: a mixed tube's result is everybody's in it. */
async function resultsOf(context: ServerContext, person: number): Promise<object[]> {
  const held = (await tubesHolding(context, person)).slice(0, resultsMax);
  const tubes = held.map(({ tube }) => tube);
  const kept = await readKept(context.pool, tubes);
  // Its row says how far each has come; of what others say only the result is read.
  const isRelease = (subject: string): boolean => subject.startsWith('release:');
  const records = await wholeRecords(context.pool, kept, viewsOf(context), isRelease);
  return tubes.flatMap((tube) => {
    const row = kept.find((each) => each.tube === tube);
    const state = records.get(tube);
    if (row === undefined || state === undefined) return [];
    const { seal, result } = readSpecimen(state);
    return {
      tube,
      round: seal?.round ?? null,
      purpose: seal?.purpose ?? null,
      persons: seal?.members.length ?? 0,
      sampledAt: seal?.sealedAt ?? null,
      stage: row.stage,
      since: row.since,
      result: result?.result ?? null,
      releasedAt: result?.releasedAt ?? null,
    };
  });
}

/** Tubes that hold a person: near the home, or anywhere when the person has ever moved. */
export async function tubesHolding(
  context: ServerContext,
  person: number,
): Promise<traces.HeldIn[]> {
  const roster = context.roster();
  const homePath = roster.pathOf(roster.homeOf(person) ?? '') ?? '';
  const parts = homePath.split('/');
  const paths = parts.map((_, index) => parts.slice(0, index + 1).join('/'));
  if (await traces.hasMoved(context.pool, person)) {
    return traces.tubesAnywhere(context.pool, person);
  }
  return traces.tubesOfPerson(context.pool, person, paths);
}

/** Contradictions on record about the subjects: a gap in a chain is never only a gap. */
async function gapsOf(context: ServerContext, subjects: string[]): Promise<Json> {
  const { rows } = await context.pool.query<{ code: string; details: Json; at: number }>(
    `select code, details, at_ms as at from findings where subject = any($1::text[])
     order by at_ms`,
    [subjects],
  );
  return rows.map(({ code, details, at }) => ({ code, details, at }));
}

async function subjectOf(
  request: FastifyRequest,
  context: ServerContext,
  subject: string,
): Promise<object> {
  const { rows } = await context.pool.query<{ place: string | null }>(
    `select subject, state, stage, holder, since_ms as since, place, done from subjects
     where subject = $1`,
    [subject],
  );
  const [row] = rows;
  if (row === undefined || !maySee(request, context, row.place)) {
    throw new Problem('ledger.unknown-subject', `nothing is on record of ${subject}`, {
      status: 404,
    });
  }
  const facts = await traces.historyOf(context.pool, [subject]);
  const duties = await context.pool.query(
    `select key, kind, account, link, owner, since_ms as since, due_ms as "dueAt",
       ended_ms as "endedAt", ending from duties where subject = $1 order by since_ms, key`,
    [subject],
  );
  const gaps = await gapsOf(context, [subject]);
  return { ...row, facts, duties: duties.rows, findings: gaps };
}
