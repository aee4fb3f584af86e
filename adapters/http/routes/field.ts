import type { FastifyInstance } from 'fastify';
import { type Static, Type } from 'typebox';
import { mayAct } from '../../../ledger/access.ts';
import type { RecordedFact } from '../../../ledger/fact.ts';
import { type FieldEntries, fieldFormat, type FieldPackage } from '../../device/package.ts';
import { notePlace } from '../../postgres/devices.ts';
import { factsOf } from '../../postgres/fact-store.ts';
import * as field from '../../postgres/field.ts';
import { reserveNumbers } from '../../postgres/registers/movements.ts';
import { sendCompressed } from '../compress.ts';
import type { ServerContext } from '../context.ts';
import { requireDevice } from '../device-keys.ts';
import { changesOf } from '../field-changes.ts';
import {
  dutyOwners,
  type FieldScope,
  placesOf,
  scopeOf,
  stagesUnderWay,
  touching,
} from '../field-scope.ts';
import { refusalProblem } from '../refusal.ts';
import { refuse } from '../../../ledger/decision.ts';

/** How a device is called; headquarters' own names are refused with its facts. */
export const deviceCode = Type.String({ pattern: '^[A-Za-z0-9][A-Za-z0-9._-]{1,63}$' });
const code = Type.String({ minLength: 1, maxLength: 80 });
const packageQuery = Type.Object(
  { place: code, device: deviceCode },
  { additionalProperties: false },
);
const changesQuery = Type.Object(
  {
    place: code,
    device: deviceCode,
    since: Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER }),
  },
  { additionalProperties: false },
);

/** What a device works with away from headquarters: a package of its places. */
export function registerField(app: FastifyInstance, context: ServerContext): void {
  app.get(
    '/v1/field/package',
    {
      schema: {
        querystring: packageQuery,
        summary: 'Everything a device needs of one place; masked names, logged',
        tags: ['field'],
      },
    },
    async (request, reply) => {
      const asked = request.query as Static<typeof packageQuery>;
      const scope = scopeOf(context, request, asked);
      await requireDevice(context, request, scope.device);
      return sendCompressed(request, reply, await packageOf(context, scope));
    },
  );
  app.get(
    '/v1/field/changes',
    {
      schema: {
        querystring: changesQuery,
        summary: 'What happened at its places since a receipt, and to what it recorded',
        tags: ['field'],
      },
    },
    async (request, reply) => {
      const { since, ...asked } = request.query as Static<typeof changesQuery>;
      const scope = scopeOf(context, request, asked);
      await requireDevice(context, request, scope.device);
      return sendCompressed(request, reply, await changesOf(context, scope, since));
    },
  );
}

/** The whole package. Read after its receipt, so that everything in it is at least as new. */
async function packageOf(context: ServerContext, scope: FieldScope): Promise<FieldPackage> {
  const { pool } = context;
  const { place, depth } = scope;
  const head = await field.headNow(pool);
  const people = await peopleOf(context, scope);
  const rounds = touching(context, scope, await field.openRounds(pool));
  const withTubes = depth === 'household';
  const underWay = { stages: stagesUnderWay, withTubes };
  const subjects = [
    ...rounds.map(({ round }) => `round:${round}`),
    ...(await field.subjectsUnderWay(pool, place.path, underWay)),
  ];
  const entries: FieldEntries[] = [];
  for (const { round } of withTubes ? rounds : []) {
    entries.push(await entriesOf(context, { round, path: place.path, persons: people.persons.id }));
  }
  const now = context.clock.now();
  await notePlace(pool, scope.device, place.code);
  return {
    format: fieldFormat,
    place: place.code,
    depth,
    asOf: now,
    ...head,
    now,
    places: placesOf(context, scope),
    points: await field.fieldPoints(pool, place.path),
    facts: await inReceiptOrder(factsOf(pool, subjects)),
    ...people,
    entries,
    duties: await field.fieldDuties(pool, place.path, dutyOwners(scope)),
    policy: context.policy,
  };
}

async function inReceiptOrder(
  facts: Promise<readonly RecordedFact[]>,
): Promise<readonly RecordedFact[]> {
  return [...(await facts)].sort((left, right) => left.receipt - right.receipt);
}

type People = Pick<FieldPackage, 'households' | 'persons' | 'salt' | 'numbers'>;

const nobody: People = {
  households: { id: [], place: [], label: [] },
  persons: { id: [], household: [], sex: [], bornYear: [], name: [], hash: [] },
  salt: '',
  numbers: null,
};

async function peopleOf(context: ServerContext, scope: FieldScope): Promise<People> {
  const { pool, clock } = context;
  const { actor, device, place, depth, below } = scope;
  if (depth === 'place') return nobody;
  const reader = { actor: actor.account, device, path: place.path };
  const { salt, persons } = await field.fieldPersons(pool, reader, null);
  if (persons === null) {
    const details = { place: place.code, max: field.fieldPersonsMax };
    throw refusalProblem(context, refuse('field.too-many-persons', details));
  }
  const places = below.map(({ code: each }) => each);
  const households = await field.fieldHouseholds(pool, places, null);
  const numbers = mayAct(actor, ['sampler', 'community', 'headquarters'], place.path)
    ? await reserveNumbers(pool, device, clock.now())
    : null;
  return { households, persons, salt, numbers };
}

async function entriesOf(
  context: ServerContext,
  { round, path, persons }: { round: string; path: string; persons: readonly number[] },
): Promise<FieldEntries> {
  const book = await context.coverages.book(context.pool, round);
  return {
    round,
    sampled: persons.filter((person) => (book?.tubesOf(person) ?? 0) > 0),
    dispositions: await field.fieldDispositions(context.pool, path, round),
  };
}
