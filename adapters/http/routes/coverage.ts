import type { FastifyInstance } from 'fastify';
import { type Static, Type } from 'typebox';
import { limits } from '../../../kernel/limits.ts';
import { entrySubject, type EntryState, placesWithin } from '../../../rooms/screening/index.ts';
import type { FindingRow } from '../../postgres/queries/lists.ts';
import type { ServerContext } from '../context.ts';
import { ask, type Asked, coverageOf, text } from '../asked.ts';

const question = Type.Object(
  {
    place: text,
    round: text,
    missing: Type.Optional(Type.Boolean()),
    after: Type.Optional(Type.Integer({ minimum: 0 })),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: limits.pageRowsMax })),
  },
  { additionalProperties: false },
);

/** Completeness of a round: counts by place, and everybody who is still owed a sample, and why. */
export function registerCoverage(app: FastifyInstance, context: ServerContext): void {
  app.get(
    '/v1/coverage',
    {
      schema: {
        querystring: question,
        summary: 'Who was sampled and who was not',
        tags: ['board'],
      },
    },
    async (request) => {
      const {
        missing,
        after = 0,
        limit = 100,
        ...where
      } = request.query as Static<typeof question>;
      const asked = await ask(context, request, where);
      const counts = { round: asked.round?.round ?? null, place: asked.place.code };
      const coverage = { ...counts, ...coverageOf(context, asked) };
      if (missing !== true || asked.book === null) return { ...coverage, missing: [] };
      return { ...coverage, ...(await missingOf(context, asked, { after, limit })) };
    },
  );
}

async function missingOf(
  context: ServerContext,
  { book, place, round }: Asked,
  { after, limit }: { after: number; limit: number },
): Promise<object> {
  const roster = context.roster();
  if (book === null || round === null) return { missing: [] };
  const within = placesWithin(roster.arrays, roster.indexOf(place.code));
  // One more than is shown says whether there is a next page.
  const open = book.openPersons(within, { after, limit: limit + 1 });
  const persons = open.slice(0, limit);
  const { rows } = await context.pool.query<{ state: EntryState; holder: string | null }>(
    'select state, holder from subjects where subject = any($1::text[])',
    [persons.map((person) => `entry:${round.round}/${person}`)],
  );
  const entries = new Map(rows.map(({ state, holder }) => [state.person, { state, holder }]));
  const homes = await labelsOf(context, persons);
  return {
    missing: persons.map((person) => {
      const entry = entries.get(person);
      return {
        person,
        household: roster.arrays.householdOf[person],
        place: roster.homeOf(person),
        room: homes.get(person) ?? null,
        disposition: entry?.state.disposition ?? null,
        reason: entry?.state.reason ?? null,
        // Whoever has no reason on record is the community's to find.
        holder: entry?.holder ?? 'role:community',
      };
    }),
    next: open.length > limit ? (persons.at(-1) ?? null) : null,
  };
}

async function labelsOf(context: ServerContext, persons: number[]): Promise<Map<number, string>> {
  const { rows } = await context.pool.query<{ person: number; label: string }>(
    `select p.id as person, h.label from persons p join households h on h.id = p.household_id
     where p.id = any($1::int[])`,
    [persons],
  );
  return new Map(rows.map(({ person, label }) => [person, label]));
}

/** Rule SC-11. Somebody sampled in two tubes of a round: a finding about the person, not a tube. */
export async function twiceSampled(
  context: ServerContext,
  { book, round, now, place }: Asked,
  closed: boolean,
): Promise<FindingRow[]> {
  if (book === null || round === null) return [];
  const roster = context.roster();
  const within = placesWithin(roster.arrays, roster.indexOf(place.code));
  const persons = book.sampledTwice(within);
  const { rows } = await context.pool.query<LookedAt>(
    `select subject, stage, holder, state ->> 'note' as note from subjects
     where subject = any($1::text[])`,
    [persons.map((person) => `finding:${twiceId(round.round, person)}`)],
  );
  const looked = new Map(rows.map((row) => [row.subject, row]));
  return persons.flatMap((person) => {
    const id = twiceId(round.round, person);
    const row = looked.get(`finding:${id}`);
    const stage = row?.stage ?? 'open';
    if ((stage === 'closed') !== closed) return [];
    return [
      {
        id,
        subject: entrySubject(round.round, person),
        key: twiceCode,
        code: twiceCode,
        owner: 'role:headquarters',
        place: roster.homeOf(person) ?? place.code,
        at: round.startsAt ?? now,
        details: { person, tubes: book.tubesOf(person) },
        stage,
        holder: row?.holder ?? null,
        note: row?.note ?? null,
      },
    ];
  });
}

/** What somebody has done about a finding. */
type LookedAt = Pick<FindingRow, 'subject' | 'stage' | 'holder' | 'note'>;

const twiceCode = 'screening.person-sampled-twice';

function twiceId(round: string, person: number): string {
  return `${entrySubject(round, person)}~${twiceCode}`;
}
