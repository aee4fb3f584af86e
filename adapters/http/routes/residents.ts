import type { FastifyInstance, FastifyRequest } from 'fastify';
import { type Static, Type } from 'typebox';
import { type Day, dayOf } from '../../../kernel/day.ts';
import { instant, type Instant } from '../../../kernel/instant.ts';
import type { Actor } from '../../../ledger/access.ts';
import type { FactDraft } from '../../../ledger/fact.ts';
import { draftsMax, recordDrafts } from '../../../ledger/perform.ts';
import type { Role } from '../../../ledger/room.ts';
import { mergePersons, type Move, movePerson } from '../../postgres/registers/movements.ts';
import {
  householdOfPerson,
  personsOfHousehold,
  registerWalkIn,
} from '../../postgres/registers/persons.ts';
import { actorOf, placeOf, requireRole, type ServerContext } from '../context.ts';
import { Problem } from '../problem.ts';
import { unlessRefused } from '../refusal.ts';

const strict = { additionalProperties: false };
const text = Type.Optional(Type.String({ maxLength: 120 }));
const code = Type.String({ minLength: 1, maxLength: 80 });
const number = Type.Integer({ minimum: 1, maximum: 2_147_483_647 });
const reason = Type.String({ minLength: 1, maxLength: 200 });
const actId = Type.Optional(Type.String({ pattern: '^[A-Za-z0-9][A-Za-z0-9-]{7,63}$' }));

const walkIn = Type.Object(
  {
    name: Type.String({ minLength: 1, maxLength: 120 }),
    sex: text,
    bornOn: text,
    documentType: text,
    documentNumber: text,
    phone: text,
    place: code,
    room: text,
    /** A number kept for the device that registered them offline. */
    person: Type.Optional(number),
  },
  strict,
);
const moveBody = Type.Object(
  {
    household: Type.Optional(number),
    place: Type.Optional(code),
    room: text,
    /** Everybody who lives with them moves, too. */
    wholeHousehold: Type.Optional(Type.Boolean()),
    reason,
    actId,
  },
  strict,
);
const mergeBody = Type.Object({ into: number, reason }, strict);
const personParams = Type.Object({ id: number }, strict);

const registering: readonly Role[] = ['sampler', 'community', 'headquarters'];
const moving: readonly Role[] = ['community', 'headquarters'];

/** People put on the register one by one, moved, and recognised as one: by number on record. */
export function registerResidents(app: FastifyInstance, context: ServerContext): void {
  const tags = ['registers'];
  app.post(
    '/v1/persons',
    { schema: { body: walkIn, summary: 'Put somebody on the register', tags } },
    async (request, reply) => {
      const answer = await registerOne(context, request, request.body as Static<typeof walkIn>);
      void reply.code(answer.isNew ? 201 : 200);
      return answer;
    },
  );
  app.post(
    '/v1/persons/:id/move',
    { schema: { params: personParams, body: moveBody, summary: 'Somebody moves', tags } },
    async (request) => {
      const { id } = request.params as Static<typeof personParams>;
      return move(context, request, { id, ...(request.body as Static<typeof moveBody>) });
    },
  );
  app.post(
    '/v1/persons/:id/merge',
    {
      schema: { params: personParams, body: mergeBody, summary: 'Two numbers are one', tags },
    },
    async (request) => {
      const { id } = request.params as Static<typeof personParams>;
      return merge(context, request, { id, ...(request.body as Static<typeof mergeBody>) });
    },
  );
}

async function registerOne(
  context: ServerContext,
  request: FastifyRequest,
  body: Static<typeof walkIn>,
): Promise<{ person: number; isNew: boolean; merged: boolean }> {
  const actor = actorOf(request);
  const place = placeOf(request, context, body.place);
  requireRole(actor, registering, place);
  const outcome = unlessRefused(context, await registerWalkIn(context.pool, body, momentNow()));
  const { person, isNew, merged } = outcome;
  const home = await householdOfPerson(context.pool, person);
  if (isNew || merged) await tellGrown(context);
  const at = home?.place ?? body.place;
  if (isNew || body.person === person) {
    const draft = { kind: 'persons.person-registered', subject: `resident:${person}`, place: at };
    const fact = { ...draft, body: { household: home?.household ?? 0 } };
    await recordOnce(context, { actId: `register-${person}`, actor }, [fact]);
  } else if (merged && body.person !== undefined) {
    const into = { into: person, reason: 'registered-again' };
    const draft = { kind: 'persons.person-merged', subject: `resident:${body.person}`, place: at };
    const fact = { ...draft, body: into };
    await recordOnce(context, { actId: `merge-${body.person}`, actor }, [fact]);
  }
  return { person, isNew, merged };
}

async function move(
  context: ServerContext,
  request: FastifyRequest,
  asked: Static<typeof moveBody> & { readonly id: number },
): Promise<object> {
  const { id, household, place, room, reason: why, wholeHousehold = false } = asked;
  const actor = await moverOf(context, request, id);
  if ((household === undefined) === (place === undefined)) {
    throw new Problem('http.malformed-request', 'name a household or a place, not both');
  }
  const to: Move['to'] =
    household === undefined ? { place: place ?? '', room: room ?? null } : { household };
  await requireTarget(context, request, to);
  const home = await householdOfPerson(context.pool, id);
  const touched = new Set(home?.persons);
  const movers = wholeHousehold ? (home?.persons ?? [id]) : [id];
  const drafts: FactDraft[] = [];
  for (const person of movers) {
    const moved = unlessRefused(
      context,
      await movePerson(context.pool, { person, to }, momentNow().now),
    );
    if (!moved.isNew && asked.actId === undefined) continue;
    const body = { household: moved.household, from: moved.from, reason: why };
    const subject = `resident:${person}`;
    drafts.push({ kind: 'persons.person-moved', subject, place: moved.place, body });
  }
  await tellGrown(context);
  const now = await householdOfPerson(context.pool, id);
  for (const person of now?.persons ?? []) touched.add(person);
  await lookAgain(context, touched);
  const named = asked.actId ?? `move-${crypto.randomUUID()}`;
  // A dormitory is one household, and an act holds only so many facts.
  for (let from = 0; from < drafts.length; from += draftsMax) {
    const part = drafts.slice(from, from + draftsMax);
    await recordOnce(context, { actId: `${named}-${from}`, actor }, part);
  }
  return { person: id, household: now?.household, place: now?.place, moved: drafts.length };
}

async function merge(
  context: ServerContext,
  request: FastifyRequest,
  { id, into, reason: why }: Static<typeof mergeBody> & { readonly id: number },
): Promise<object> {
  const actor = await moverOf(context, request, id);
  await moverOf(context, request, into);
  const before = await householdOfPerson(context.pool, id);
  const outcome = await mergePersons(context.pool, { person: id, into }, momentNow());
  const { isNew } = unlessRefused(context, outcome);
  await tellGrown(context);
  const roster = context.roster();
  await lookAgain(context, new Set([id, ...roster.householdOf(into), ...(before?.persons ?? [])]));
  const body = { into, reason: why };
  const place = before?.place ?? '';
  const draft = { kind: 'persons.person-merged', subject: `resident:${id}`, place, body };
  await recordOnce(context, { actId: `merge-${id}`, actor }, [draft]);
  return { person: id, into, isNew };
}

/** Who asks, with a role where the person lives. */
async function moverOf(
  context: ServerContext,
  request: FastifyRequest,
  person: number,
): Promise<Actor> {
  const home = await householdOfPerson(context.pool, person);
  if (home === null) throw new Problem('persons.unknown-person', `nobody has number ${person}`);
  const actor = actorOf(request);
  requireRole(actor, moving, placeOf(request, context, home.place));
  return actor;
}

async function requireTarget(
  context: ServerContext,
  request: FastifyRequest,
  to: Move['to'],
): Promise<void> {
  const home = 'household' in to ? await personsOfHousehold(context.pool, to.household) : to;
  if (home === null) throw new Problem('persons.unknown-household', 'there is no such household');
  requireRole(actorOf(request), moving, placeOf(request, context, home.place));
}

async function tellGrown(context: ServerContext): Promise<void> {
  await context.announce('grown');
  await context.growRoster();
}

/** Whose home decides what is owed and who is a contact: that is worked out anew. */
async function lookAgain({ writer }: ServerContext, persons: ReadonlySet<number>): Promise<void> {
  await writer.submit((work) => work.lookAgain([...persons].map((person) => `person:${person}`)));
}

/** Puts drafts on record under an id, unless something is on record under it. */
async function recordOnce(
  { writer, clock }: ServerContext,
  { actId: id, actor }: { readonly actId: string; readonly actor: Actor },
  drafts: readonly FactDraft[],
): Promise<void> {
  if (drafts.length === 0) return;
  await writer.submit(async (work) => {
    const earlier = await work.transaction.recorded([`act.${id}.0`]);
    if (earlier.size === 0) {
      await recordDrafts(work, { actId: id, at: clock.now() }, actor, drafts);
    }
  });
}

/** The register goes by the machine's clock and the day in China, whatever the scenario's time. */
function momentNow(): { today: Day; now: Instant } {
  const now = instant(Date.now());
  return { today: dayOf(now, 480), now };
}
