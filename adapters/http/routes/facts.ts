import type { FastifyInstance, FastifyRequest } from 'fastify';
import { type Static, Type } from 'typebox';
import type { Instant } from '../../../kernel/instant.ts';
import { limits } from '../../../kernel/limits.ts';
import type { Actor } from '../../../ledger/access.ts';
import type { SchemaFault } from '../../../ledger/catalogue.ts';
import type { Fact } from '../../../ledger/fact.ts';
import { admit, type SetAside } from '../../../ledger/receive.ts';
import { ContactBook } from '../../jobs/contacts.ts';
import { type Contact, type KnownDevice, noteContacts } from '../../postgres/devices.ts';
import { actorOf, type ServerContext } from '../context.ts';
import { type DeviceCache, holdsKey } from '../device-keys.ts';
import { withinOwnPlaces } from '../own-places.ts';
import { checkForm, faultOfValue } from '../validate.ts';
import { fixRosters } from './acts.ts';
import { ownDevices } from './devices.ts';
import { deviceCode } from './field.ts';

const strict = { additionalProperties: false };
const number = { minimum: 0, maximum: Number.MAX_SAFE_INTEGER };

/** What a device says of itself with a batch: how far it has counted, and what it still holds. */
const self = Type.Object(
  {
    id: deviceCode,
    keptSeq: Type.Integer(number),
    waiting: Type.Integer({ minimum: 0, maximum: 2_147_483_647 }),
    clockAt: Type.Integer(number),
    app: Type.Object(
      {
        version: Type.String({ minLength: 1, maxLength: 60 }),
        format: Type.Integer({ minimum: 1, maximum: 1_000_000 }),
      },
      strict,
    ),
  },
  strict,
);
const batch = Type.Object(
  {
    facts: Type.Array(Type.Unknown(), { minItems: 1, maxItems: limits.factsPerBatchMax }),
    device: Type.Optional(self),
  },
  strict,
);

/** Reports from devices. One item that cannot be taken never blocks the rest of its batch. */
export function registerFacts(
  app: FastifyInstance,
  context: ServerContext,
  cache: DeviceCache,
): void {
  const contacts = new ContactBook((rows) => noteContacts(context.pool, rows));
  app.post(
    '/v1/facts',
    {
      schema: { body: batch, summary: 'Put facts on record', tags: ['ledger'] },
      validatorCompiler: checkForm,
    },
    async (request) => {
      const actor = actorOf(request);
      const { facts, device } = request.body as Static<typeof batch>;
      const { catalogue } = context;
      const { pathOf } = context.roster();
      const taken = facts.map((item) => take(item, actor, { catalogue, pathOf }));
      const known = await cache.find(context, devicesOf(taken, device?.id));
      const proven = taken.map((item) => setAsideIfForged(item, request, known));
      const items = await withinOwnPlaces(context, actor, proven);
      const { receipts, lamport } = await context.writer.receive(items);
      const now = context.clock.now();
      const registered = device === undefined ? undefined : known.get(device.id);
      if (device !== undefined && registered !== undefined && holdsKey(request, registered)) {
        await contacts.note(contactOf(device, actor.account, now));
      }
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
        now,
        batchMax: context.writer.batchMax,
      };
    },
  );
}

function contactOf(
  { id, app, clockAt, ...counts }: Static<typeof self>,
  account: string,
  now: Instant,
): Contact {
  const named = `${app.version} (${app.format})`;
  return { device: id, account, app: named, at: now, ...counts, clockAheadMs: clockAt - now };
}

/** The devices that a batch is about: those of its items, and the one that sends it. */
function devicesOf(items: readonly Item[], sender: string | undefined): string[] {
  const devices = new Set(items.flatMap((item) => (isFact(item) ? [item.deviceId] : [])));
  if (sender !== undefined) devices.add(sender);
  return [...devices];
}

/** Nobody takes the numbers of a registered device without its key. */
function setAsideIfForged(
  item: Item,
  request: FastifyRequest,
  known: ReadonlyMap<string, KnownDevice>,
): Item {
  const device = isFact(item) ? known.get(item.deviceId) : undefined;
  if (!isFact(item) || device === undefined || holdsKey(request, device)) return item;
  const detail = `${item.deviceId} is registered; its key did not come with the request`;
  return setAside(item, 'devices.wrong-key', { where: '/deviceId', detail });
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

function setAside({ id }: Item, code: string, fault: SchemaFault): SetAside {
  return { kind: 'set-aside', id, code, ...fault };
}

function isFact(item: Item): item is Fact {
  return item.kind !== 'set-aside';
}

function withoutKind<T extends { kind: string }>({ kind: _kind, ...rest }: T): Omit<T, 'kind'> {
  return rest;
}
