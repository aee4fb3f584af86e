import type { FastifyInstance } from 'fastify';
import { type Static, Type } from 'typebox';
import { limits } from '../../../kernel/limits.ts';
import { admit, receive } from '../../../ledger/receive.ts';
import { actorOf, type ServerContext } from '../context.ts';

const batch = Type.Object(
  { facts: Type.Array(Type.Unknown(), { minItems: 1, maxItems: limits.factsPerBatchMax }) },
  { additionalProperties: false },
);

/** Reports from devices. One item that cannot be taken never blocks the rest of its batch. */
export function registerFacts(app: FastifyInstance, context: ServerContext): void {
  app.post(
    '/v1/facts',
    { schema: { body: batch, summary: 'Put facts on record', tags: ['ledger'] } },
    async (request) => {
      const actor = actorOf(request);
      const { facts } = request.body as Static<typeof batch>;
      const { catalogue } = context;
      const { pathOf } = context.roster();
      const items = facts.map((item) => admit(item, actor, { catalogue, pathOf }));
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

function withoutKind<T extends { kind: string }>({ kind: _kind, ...rest }: T): Omit<T, 'kind'> {
  return rest;
}
