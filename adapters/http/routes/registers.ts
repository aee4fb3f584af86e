import type { FastifyInstance } from 'fastify';
import { type Static, Type } from 'typebox';
import type { Role } from '../../../ledger/room.ts';
import { readNames, searchPersons } from '../../postgres/registers/names.ts';
import { personsOfHousehold } from '../../postgres/registers/persons.ts';
import type { Place } from '../../postgres/roster.ts';
import type { Admission } from '../admission.ts';
import { actorOf, placeOf, requireRole, type ServerContext } from '../context.ts';
import { Problem } from '../problem.ts';
import { unlessRefused } from '../refusal.ts';
import { registerImports } from './imports.ts';
import { registerResidents } from './residents.ts';

/** Roles that may ask for a name, with a reason, at their own places. */
const nameReaders: readonly Role[] = [
  'headquarters',
  'community',
  'sampler',
  'facility',
  'dispatcher',
];

const text = Type.Optional(Type.String({ maxLength: 120 }));
const reason = Type.String({ minLength: 1, maxLength: 400 });

/** Places, households and persons; names only with a reason, and every read of one is on record. */
export function registerRegisters(
  app: FastifyInstance,
  context: ServerContext,
  { imports }: Admission,
): void {
  registerPlaces(app, context);
  registerPersons(app, context);
  registerResidents(app, context);
  registerImports(app, context, imports);
}

function registerPlaces(app: FastifyInstance, context: ServerContext): void {
  const tags = ['registers'];
  app.get(
    '/v1/places',
    {
      schema: {
        querystring: Type.Object({ parent: text, q: text }, { additionalProperties: false }),
        summary: 'Places below one, or those whose name or code holds a text',
        tags,
      },
    },
    async (request) => {
      actorOf(request);
      const { parent, q } = request.query as { parent?: string; q?: string };
      const roster = context.roster();
      if (q !== undefined && q !== '') {
        const found = [...roster.places.values()].filter(({ code, label }) =>
          `${code} ${label.zh} ${label.en}`.toLowerCase().includes(q.toLowerCase()),
        );
        return { rows: found.slice(0, 100).map(shown) };
      }
      return { rows: roster.childrenOf(parent ?? null).map(shown) };
    },
  );
  app.get(
    '/v1/places/:code',
    { schema: { params: Type.Object({ code: Type.String() }), summary: 'A place', tags } },
    async (request) => {
      const place = placeOf(request, context, (request.params as { code: string }).code);
      const parents = place.path.split('/').slice(0, -1);
      return { ...shown(place), parents: parents.map((code) => shown(mustHave(context, code))) };
    },
  );
}

function mustHave(context: ServerContext, code: string): Place {
  const place = context.roster().places.get(code);
  if (place === undefined) throw new Problem('places.unknown-place', `no place has code ${code}`);
  return place;
}

function shown({ code, parent, kind, label }: Place): object {
  return { code, parent, kind, label };
}

/** Numbers of persons, joined by commas. */
const personNumbers = Type.Optional(
  Type.String({ maxLength: 8000, pattern: '^\\d{1,10}(,\\d{1,10})*$' }),
);
const searchQuery = Type.Object(
  { place: text, q: text, persons: personNumbers, reason },
  { additionalProperties: false },
);
const householdQuery = Type.Object(
  { id: Type.Integer({ minimum: 1, maximum: 2_147_483_647 }) },
  { additionalProperties: false },
);
function registerPersons(app: FastifyInstance, context: ServerContext): void {
  const tags = ['registers'];
  app.get(
    '/v1/persons',
    { schema: { querystring: searchQuery, summary: 'Names, with a reason; logged', tags } },
    async (request) => names(context, request.query as Static<typeof searchQuery>, request),
  );
  app.get(
    '/v1/households/:id',
    { schema: { params: householdQuery, summary: 'People of a household, by number', tags } },
    async (request) => {
      const { id } = request.params as Static<typeof householdQuery>;
      const household = await personsOfHousehold(context.pool, id);
      if (household === null) {
        throw new Problem('persons.unknown-household', `there is no household ${id}`, {
          status: 404,
        });
      }
      placeOf(request, context, household.place);
      return household;
    },
  );
}

async function names(
  context: ServerContext,
  { place: code, q, persons, reason: why }: Static<typeof searchQuery>,
  request: Parameters<typeof placeOf>[0],
): Promise<object> {
  const place = placeOf(request, context, code);
  const actor = actorOf(request);
  requireRole(actor, nameReaders, place);
  const reader = { actor: actor.account, reason: why };
  const roster = context.roster();
  if (persons === undefined) {
    const search = { placePath: place.path, query: q ?? '', limit: 100 };
    const rows = unlessRefused(context, await searchPersons(context.pool, reader, search));
    return { rows: rows.map((row) => ({ ...row, home: roster.homeOf(row.person) })) };
  }
  const wanted = persons.split(',').map(Number);
  const own = wanted.filter((person) => {
    const home = roster.homeOf(person);
    const path = home === null ? null : roster.pathOf(home);
    return path !== null && `${path}/`.startsWith(`${place.path}/`);
  });
  const rows = unlessRefused(context, await readNames(context.pool, reader, own));
  return { rows: rows.map((row) => ({ ...row, home: roster.homeOf(row.person) })) };
}
