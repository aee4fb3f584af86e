import type { FastifyInstance } from 'fastify';
import { type Static, Type } from 'typebox';
import { limits } from '../../../kernel/limits.ts';
import type { Actor } from '../../../ledger/access.ts';
import type { SchemaFault } from '../../../ledger/catalogue.ts';
import type { Fact } from '../../../ledger/fact.ts';
import { headquartersDevice } from '../../../ledger/perform.ts';
import { admit, receive, type SetAside } from '../../../ledger/receive.ts';
import { derivedDevice } from '../../../ledger/settle.ts';
import { actorOf, type ServerContext } from '../context.ts';
import { withinOwnPlaces } from '../own-places.ts';
import { checkForm, faultOfValue } from '../validate.ts';
import { fixRosters } from './acts.ts';

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
      const taken = facts.map((item) => take(item, actor, { catalogue, pathOf }));
      const items = await withinOwnPlaces(context, actor, taken);
      const { receipts, lamport } = await context.writer.submit(async (work) => {
        const { head } = work.transaction;
        const near = items.map((item) => setAsideIfFar(item, head.lamport));
        return { receipts: await receive(work, near), lamport: head.lamport };
      });
      await fixRosters(context, items.filter(isFact));
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

type Item = ReturnType<typeof admit>;
type World = Parameters<typeof admit>[2];

/** Admits an item, unless it holds what could not be kept, or takes headquarters' own name. */
function take(item: unknown, actor: Actor, world: World): Item {
  const admitted = admit(item, actor, world);
  const unfit = faultOfValue(item);
  if (unfit !== null) return setAside(admitted, 'ledger.malformed-fact', unfit);
  if (!isFact(admitted)) return admitted;
  const { id, deviceId } = admitted;
  if (ownDevices.includes(deviceId)) {
    const detail = `${deviceId} is headquarters’ own device; give yours another name`;
    return setAside(admitted, 'ledger.reserved-id', { where: '/deviceId', detail });
  }
  if (!id.startsWith('act.')) return admitted;
  const detail = 'ids that begin with act. are headquarters’ own';
  return setAside(admitted, 'ledger.reserved-id', { where: '/id', detail });
}

/** Whoever numbered facts for these would take the numbers that acts at desks are due. */
const ownDevices: readonly string[] = [headquartersDevice, derivedDevice];

/**
 * A device counts on from the greatest number it has seen, so it is never ahead of headquarters by
 * more than its own facts. One that is would leave all others no numbers below 2^53.
 */
function setAsideIfFar(item: Item, lamport: number): Item {
  if (!isFact(item) || item.lamport <= lamport + lamportAheadMax) return item;
  const detail = `headquarters has counted to ${lamport}; count on from there`;
  return setAside(item, 'ledger.malformed-fact', { where: '/lamport', detail });
}

const lamportAheadMax = 1_000_000_000;

function setAside({ id }: Item, code: string, fault: SchemaFault): SetAside {
  return { kind: 'set-aside', id, code, ...fault };
}

function isFact(item: Item): item is Fact {
  return item.kind !== 'set-aside';
}

function withoutKind<T extends { kind: string }>({ kind: _kind, ...rest }: T): Omit<T, 'kind'> {
  return rest;
}
