import type { FastifyInstance, FastifyRequest } from 'fastify';
import { type Static, Type } from 'typebox';
import type { Json } from '../../../kernel/assert.ts';
import { foldCode } from '../../../kernel/id.ts';
import { instant } from '../../../kernel/instant.ts';
import { type Actor, mayAct } from '../../../ledger/access.ts';
import { keyOf } from '../../../ledger/fact.ts';
import { perform } from '../../../ledger/perform.ts';
import { keptAs } from '../../../ledger/room.ts';
import {
  type LaboratoryPolicy,
  parseInstrumentFile,
  type PlateState,
  rulesOf,
} from '../../../rooms/laboratory/index.ts';
import { actorOf, actorWith, type ServerContext } from '../context.ts';
import { Problem } from '../problem.ts';
import { refusalProblem, wordsOf } from '../refusal.ts';

const actId = Type.String({ pattern: '^[A-Za-z0-9][A-Za-z0-9-]{7,63}$' });
const at = Type.Optional(Type.Integer({ minimum: 0, maximum: 8_640_000_000_000_000 }));

interface Envelope {
  readonly actId: string;
  readonly at?: number;
  readonly act: unknown;
}

/** What people do at desks: one route an act, each with its own schema. */
export function registerActs(app: FastifyInstance, context: ServerContext): void {
  const { catalogue } = context;
  for (const { name, room, act } of catalogue.acts()) {
    const [roomName = '', actName = ''] = name.split('.');
    const body = Type.Object({ actId, at, act: act.body }, { additionalProperties: false });
    app.post(
      `/v1/acts/${roomName}/${actName}`,
      {
        schema: { body, summary: `${act.label.en} (${act.kind})`, tags: [room.name] },
        // Before the body is looked at: whoever may not act here learns nothing from the answer.
        preValidation: async (request) => void actorWith(request, act.roles),
      },
      async (request) =>
        run(context, { name, actor: actorOf(request), envelope: request.body as Envelope }),
    );
  }
  app.get('/v1/acts', { schema: { summary: 'All acts', tags: ['ledger'] } }, async (request) => {
    actorOf(request);
    return {
      rooms: catalogue.rooms.map(({ name, label }) => ({ name, label })),
      subjects: catalogue.rooms.flatMap(({ name, subjects }) =>
        subjects.map(({ prefix, label }) => ({ room: name, prefix, label })),
      ),
      codes: wordsOf(context),
      facts: catalogue.facts().map(({ name, kind }) => ({ name, label: kind.label })),
      acts: catalogue.acts().map(({ name, room, act }) => ({
        room: room.name,
        act: name.slice(room.name.length + 1),
        kind: act.kind,
        roles: act.roles,
        label: act.label,
        schema: act.body,
      })),
    };
  });
  registerInstrumentFile(app, context);
}

const plateParams = Type.Object({ plate: Type.String({ minLength: 1, maxLength: 40 }) });
const instrumentQuery = Type.Object(
  {
    actId,
    instrument: Type.String({ minLength: 1, maxLength: 80 }),
    /** Why these readings replace those on record. */
    correction: Type.Optional(Type.String({ minLength: 1, maxLength: 200 })),
  },
  { additionalProperties: false },
);

/** An instrument's export, posted as it is: read, checked whole, then recorded as one reading. */
function registerInstrumentFile(app: FastifyInstance, context: ServerContext): void {
  const schema = {
    params: plateParams,
    querystring: instrumentQuery,
    summary: 'Readings of a plate, as the instrument exports them',
    tags: ['laboratory'],
  };
  const { catalogue } = context;
  // A scope of its own, so that no other route takes text for JSON.
  void app.register(async (scope) => {
    scope.addContentTypeParser(
      ['text/csv', 'text/plain', 'text/tab-separated-values'],
      { parseAs: 'string' },
      (_request, text, done) => done(null, text),
    );
    scope.post(
      '/v1/laboratory/plates/:plate/instrument-file',
      {
        schema,
        preValidation: async (request) => {
          actorWith(request, catalogue.findAct('laboratory.read-plate')?.act.roles ?? []);
        },
      },
      async (request: FastifyRequest) => {
        const actor = actorOf(request);
        const plate = foldCode((request.params as Static<typeof plateParams>).plate);
        const { actId: id, ...query } = request.query as Static<typeof instrumentQuery>;
        const read = parseInstrumentFile(String(request.body), await fileContext(context, plate));
        const faults = read.faults.slice(0, 100);
        if (!read.isUsable) {
          const details = { faults: keptAs<Json>(faults) };
          throw new Problem('laboratory.unreadable-file', 'the file was not taken', { details });
        }
        const envelope = { actId: id, act: { plate, ...query, readings: read.readings } };
        const done = await run(context, { name: 'laboratory.read-plate', actor, envelope });
        return { ...done, faults };
      },
    );
  });
}

/** The rules the plate is read by, and what was loaded on it. */
async function fileContext(
  context: ServerContext,
  plate: string,
): Promise<Parameters<typeof parseInstrumentFile>[1]> {
  const { rows } = await context.pool.query<{ state: PlateState }>(
    'select state from subjects where subject = $1',
    [`plate:${plate}`],
  );
  const state = rows[0]?.state;
  const policy = keptAs<LaboratoryPolicy>(context.policy['laboratory']);
  const ruleSet = state === undefined ? policy.ruleSet : rulesOf(state, policy).ruleSet;
  const wells = state?.load?.wells;
  return wells === undefined ? { ruleSet } : { ruleSet, wells };
}

/** Rule SC-1. Who is owed is written down when a round opens, before anybody else is imported. */
export async function fixRosters(
  context: ServerContext,
  facts: readonly { readonly kind: string; readonly subject: string }[],
): Promise<void> {
  for (const { kind, subject } of facts) {
    if (kind !== 'screening.round-opened') continue;
    await context.coverages.book(context.pool, keyOf(subject));
  }
}

/** Rule DU-4. Only what has been found, at one's own places, can be taken up or closed. */
async function requireFinding(
  context: ServerContext,
  { name, actor, envelope }: Doing,
): Promise<void> {
  const { finding } = envelope.act as { readonly finding: string };
  const place = await placeOfFinding(context, finding, envelope.actId);
  if (place === null) {
    throw new Problem('duties.unknown-finding', `nothing was found as ${finding}`);
  }
  const roster = context.roster();
  const path = roster.pathOf(place);
  // What has no place belongs to the whole tree.
  const paths = path === null ? roster.childrenOf(null).map(({ code }) => code) : [path];
  const roles = context.catalogue.findAct(name)?.act.roles ?? [];
  if (paths.some((each) => mayAct(actor, roles, each))) return;
  throw new Problem('access.not-permitted', `${finding} was found at another place`);
}

const twiceSampled = /^entry:[^/]+\/(\d{1,10})~screening\.person-sampled-twice$/;

/** Where something was found; null when it was not, unless this very act has dealt with it. */
async function placeOfFinding(
  { pool, roster }: ServerContext,
  finding: string,
  byAct: string,
): Promise<string | null> {
  // Whoever is in two tubes of a round is found in the sets of the round, not in the table.
  const person = twiceSampled.exec(finding)?.[1];
  if (person !== undefined) return roster().homeOf(Number(person)) ?? '';
  const { rows } = await pool.query<{ place: string }>(
    `select place from findings where subject || '~' || key = $1
     union all select place from facts where id = $2`,
    [finding, `act.${byAct}.0`],
  );
  return rows[0]?.place ?? null;
}

interface Doing {
  readonly name: string;
  readonly actor: Actor;
  readonly envelope: Envelope;
}

async function run(context: ServerContext, doing: Doing): Promise<object> {
  const { name, actor, envelope } = doing;
  if (name.startsWith('duties.')) await requireFinding(context, doing);
  const { pathOf } = context.roster();
  const now = context.clock.now();
  const request = {
    actId: envelope.actId,
    name,
    act: envelope.act,
    // Entered later than it happened is common; entered before it happens is a mistake.
    at: instant(Math.min(envelope.at ?? now, now)),
  };
  const performed = await context.writer.submit((work) =>
    perform(work, request, { actor, pathOf }),
  );
  if (performed.kind === 'refused') throw refusalProblem(context, performed);
  await fixRosters(context, performed.facts);
  return {
    facts: performed.facts.map(({ id, kind, subject, lamport }) => ({
      id,
      kind,
      subject,
      lamport,
    })),
    receipt: performed.facts.at(-1)?.receipt ?? null,
  };
}
