import type { FastifyInstance } from 'fastify';
import { type Static, Type } from 'typebox';
import { limits } from '../../../kernel/limits.ts';
import type { Actor } from '../../../ledger/access.ts';
import { admit, receive } from '../../../ledger/receive.ts';
import { actorOf, type ServerContext } from '../context.ts';
import { checkForm, faultOfValue } from '../validate.ts';

const batch = Type.Object(
  { facts: Type.Array(Type.Unknown(), { minItems: 1, maxItems: limits.factsPerBatchMax }) },
  { additionalProperties: false },
);

/** Reports from devices. One item that cannot be taken never blocks the rest of its batch. */
export function registerFacts(app: FastifyInstance, context: ServerContext): void {
  app.post(
    '/v1/facts',
    {
      schema: { body: batch, summary: 'Put facts on record', tags: ['ledger'] },
      validatorCompiler: checkForm,
    },
    async (request) => {
      const actor = actorOf(request);
      const { facts } = request.body as Static<typeof batch>;
      const { catalogue } = context;
      const { pathOf } = context.roster();
      const items = facts.map((item) => take(item, actor, { catalogue, pathOf }));
      const { receipts, lamport } = await context.writer.submit(async (work) => ({
        receipts: await receive(work, items),
        lamport: work.transaction.head.lamport,
      }));
      return {
        accepted: receipts.flatMap((each) =>
          each.kind === 'accepted' ? [{ id: each.id, receipt: each.receipt }] : [],
        ),
        known: receipts.flatMap((each) => (each.kind === 'known' ? [each.id] : [])),
        refused: receipts.flatMap((each, index) =>
          each.kind === 'set-aside' ? [{ index, ...withoutKind(each) }] : [],
        ),
        // What the device must count on from, so that its next fact comes after these.
        lamport,
      };
    },
  );
}

/** Admits an item, unless it holds what could not be kept: one such must not stop its batch. */
function take(item: unknown, actor: Actor, world: World): ReturnType<typeof admit> {
  const fault = faultOfValue(item);
  if (fault === null) return admit(item, actor, world);
  const { id } = admit(item, actor, world);
  return { kind: 'set-aside', id, code: 'ledger.malformed-fact', ...fault };
}

type World = Parameters<typeof admit>[2];

function withoutKind<T extends { kind: string }>({ kind: _kind, ...rest }: T): Omit<T, 'kind'> {
  return rest;
}
