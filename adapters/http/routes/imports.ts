import { randomUUID } from 'node:crypto';
import type { Readable } from 'node:stream';
import type { FastifyInstance, FastifyRequest, RouteShorthandOptions } from 'fastify';
import type { ClientBase } from 'pg';
import { type Static, Type } from 'typebox';
import { dayOf } from '../../../kernel/day.ts';
import { instant } from '../../../kernel/instant.ts';
import { type Actor, mayAct } from '../../../ledger/access.ts';
import type { Refusal } from '../../../ledger/decision.ts';
import type { FactDraft } from '../../../ledger/fact.ts';
import { recordDrafts } from '../../../ledger/perform.ts';
import type { Role } from '../../../ledger/room.ts';
import type { FileFault } from '../../exchange/fault-file.ts';
import { importPersons } from '../../postgres/registers/import-persons.ts';
import { importPlaces } from '../../postgres/registers/import-places.ts';
import { type Gate, whenOver } from '../admission.ts';
import { actorOf, actorWith, type ServerContext } from '../context.ts';
import { Problem } from '../problem.ts';
import { refusalProblem } from '../refusal.ts';

/** Largest file that is read: a district's roster is about 250 MB as text. */
const fileBytesMax = 1_000_000_000;
/** Faults told in the reply; the command line writes all of them to a file. */
const faultsTold = 5_000;

const query = Type.Object(
  {
    createPlaces: Type.Optional(Type.Boolean()),
    /** `header=field`, several joined by `;`. */
    map: Type.Optional(Type.String({ maxLength: 4000 })),
  },
  { additionalProperties: false },
);

/** Rosters and trees of places, streamed as files: CSV of any common encoding, or XLSX. */
export function registerImports(app: FastifyInstance, context: ServerContext, imports: Gate): void {
  void app.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', (_request, payload, done) => done(null, payload));
    scope.addHook('onRequest', async (request, reply) => {
      actorOf(request);
      // Before the file is read.
      whenOver(reply, imports.enter());
      // A large file is taken in, and the registers are read anew, for longer than a silence.
      request.raw.socket.setTimeout(0);
    });
    const options = (summary: string): RouteShorthandOptions => ({
      bodyLimit: fileBytesMax,
      schema: { querystring: query, summary, tags: ['registers'] },
    });
    scope.post('/v1/imports/persons', options('Import a roster'), async (request) => {
      const actor = actorWith(request, importers);
      const { createPlaces = false, map } = request.query as Static<typeof query>;
      const within = scopeOf(actor);
      return runImport(context, request, async (client, source, faults) => {
        const importId = randomUUID();
        const outcome = await importPersons({
          client,
          source,
          importId,
          place: within ?? rootOf(context),
          ...(within === null ? {} : { within }),
          today: dayOf(instant(Date.now()), 480),
          map: readMap(map),
          createPlaces,
          faults,
        });
        if (outcome.kind !== 'imported') return outcome;
        const { fact, kind: _kind, ...counts } = outcome;
        await record(context, { importId, fact, actor });
        return counts;
      });
    });
    scope.post('/v1/imports/places', options('Import a tree of places'), async (request) => {
      const actor = actorWith(request, ['admin', 'headquarters']);
      // The tree is everybody's: a role held at a part of it does not rename the rest.
      if (!mayAct(actor, ['admin', 'headquarters'], rootOf(context))) {
        throw new Problem('access.not-permitted', 'needs the role for the whole tree');
      }
      return runImport(context, request, async (client, source, faults) => {
        const outcome = await importPlaces({ client, source, faults });
        if (outcome.kind !== 'imported') return outcome;
        const { kind: _kind, ...counts } = outcome;
        return counts;
      });
    });
  });
}

const importers: readonly Role[] = ['headquarters', 'community'];

/** Where the homes of an import may lie: at the importer's place or below; null for anywhere. */
function scopeOf(actor: Actor): string | null {
  const held = actor.grants.filter(({ role }) => importers.includes(role));
  if (held.some(({ place }) => place === '*')) return null;
  return held[0]?.place ?? null;
}

/** Code of the first place of the tree; `*` while there is none. */
function rootOf(context: ServerContext): string {
  return context.roster().childrenOf(null)[0]?.code ?? '*';
}

function readMap(text: string | undefined): ReadonlyMap<string, string> {
  const pairs = (text ?? '').split(';').filter((pair) => pair.includes('='));
  return new Map(
    pairs.map((pair): [string, string] => {
      const at = pair.lastIndexOf('=');
      return [pair.slice(0, at), pair.slice(at + 1)];
    }),
  );
}

async function record(
  context: ServerContext,
  {
    importId,
    fact,
    actor,
  }: { importId: string; fact: FactDraft; actor: ReturnType<typeof actorWith> },
): Promise<void> {
  const request = { actId: importId, at: context.clock.now() };
  await context.writer.submit((work) => recordDrafts(work, request, actor, [fact]));
}

type Sink = { add: (fault: FileFault) => void; flush: () => Promise<void> };

async function runImport(
  context: ServerContext,
  request: FastifyRequest,
  run: (client: ClientBase, source: Readable, faults: Sink) => Promise<object | Refusal>,
): Promise<object> {
  const told: FileFault[] = [];
  let faultCount = 0;
  const faults: Sink = {
    add: (fault) => {
      faultCount += 1;
      if (told.length < faultsTold) told.push(fault);
    },
    flush: async () => undefined,
  };
  const client = await context.pool.connect();
  try {
    const outcome = await run(client, request.body as Readable, faults);
    if ('kind' in outcome && outcome.kind === 'refused') {
      throw refusalProblem(context, outcome, { status: 422 });
    }
    await context.announce('imported');
    await context.reloadRoster();
    return { ...outcome, faults: told, faultCount };
  } finally {
    client.release();
  }
}
