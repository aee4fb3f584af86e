import type { FastifyInstance, FastifyRequest } from 'fastify';
import { type Static, Type } from 'typebox';
import { headquartersDevice } from '../../../ledger/perform.ts';
import type { Role } from '../../../ledger/room.ts';
import { derivedDevice } from '../../../ledger/settle.ts';
import * as devices from '../../postgres/devices.ts';
import { text } from '../asked.ts';
import { actorOf, actorWith, below, placeOf, requireRole, type ServerContext } from '../context.ts';
import { type DeviceCache, hashDeviceKey } from '../device-keys.ts';
import { Problem } from '../problem.ts';
import { deviceCode } from './field.ts';

/** Whoever numbered facts for these would take the numbers that acts at desks are due. */
export const ownDevices: readonly string[] = [headquartersDevice, derivedDevice];

const strict = { additionalProperties: false };
const deviceParams = Type.Object({ id: deviceCode }, strict);
const registration = Type.Object(
  {
    label: Type.String({ minLength: 1, maxLength: 80 }),
    /** 256 random bits in base64url or hexadecimal. */
    key: Type.String({ pattern: '^[A-Za-z0-9_-]{43,128}$' }),
    app: Type.String({ minLength: 1, maxLength: 80 }),
  },
  strict,
);
const lossBody = Type.Object({ reason: Type.String({ minLength: 1, maxLength: 200 }) }, strict);
const listQuery = Type.Object({ place: text }, strict);

/** Who may report a device lost, at the place it was last given. */
const reporters: readonly Role[] = ['headquarters', 'community', 'sampler', 'courier', 'admin'];
const viewers: readonly Role[] = ['headquarters', 'community', 'admin'];

/** Devices: which there are, whose they are, and what of theirs is missing (promise P1). */
export function registerDevices(
  app: FastifyInstance,
  context: ServerContext,
  cache: DeviceCache,
): void {
  const tags = ['field'];
  app.put(
    '/v1/devices/:id',
    {
      schema: { params: deviceParams, body: registration, summary: 'Register a device', tags },
    },
    async (request, reply) => {
      const { grants, account } = actorOf(request);
      if (grants.length === 0) throw new Problem('access.not-permitted', 'you hold no role yet');
      const { id: device } = request.params as Static<typeof deviceParams>;
      if (ownDevices.includes(device)) {
        throw new Problem('ledger.reserved-id', `${device} is headquarters’ own device`);
      }
      const { key, ...body } = request.body as Static<typeof registration>;
      const outcome = await devices.registerDevice(context.pool, {
        ...{ device, account, ...body, keyHash: hashDeviceKey(key), now: context.clock.now() },
      });
      if (outcome === 'wrong-key') {
        throw new Problem('devices.wrong-key', `${device} is registered with another key`);
      }
      cache.clear();
      void reply.code(outcome === 'new' ? 201 : 200);
      return { device, isNew: outcome === 'new', now: context.clock.now() };
    },
  );
  app.get(
    '/v1/devices',
    { schema: { querystring: listQuery, summary: 'Devices, and what is missing', tags } },
    async (request) => {
      const place = placeOf(request, context, (request.query as Static<typeof listQuery>).place);
      requireRole(actorOf(request), viewers, place);
      const now = context.clock.now();
      return { rows: await devices.listDevices(context.pool, { below: below(place), now }), now };
    },
  );
  registerLosses(app, context, cache);
}

function registerLosses(app: FastifyInstance, context: ServerContext, cache: DeviceCache): void {
  const tags = ['field'];
  app.post(
    '/v1/devices/:id/lost',
    {
      schema: { params: deviceParams, body: lossBody, summary: 'Report a device lost', tags },
    },
    async (request) => {
      const { id } = request.params as Static<typeof deviceParams>;
      const { reason } = request.body as Static<typeof lossBody>;
      const by = await reporterOf(context, request, id);
      await devices.markLost(context.pool, id, { at: context.clock.now(), by, reason });
      cache.clear();
      return { device: id, lost: true };
    },
  );
  app.post(
    '/v1/devices/:id/found',
    {
      schema: {
        params: deviceParams,
        body: Type.Object({}, strict),
        summary: 'Report a lost device found again',
        tags,
      },
    },
    async (request) => {
      const { id } = request.params as Static<typeof deviceParams>;
      await reporterOf(context, request, id);
      await devices.markLost(context.pool, id, null);
      cache.clear();
      return { device: id, lost: false };
    },
  );
}

/** The account that reports a loss, which must have a role where the device works. */
async function reporterOf(
  context: ServerContext,
  request: FastifyRequest,
  device: string,
): Promise<string> {
  const actor = actorWith(request, reporters);
  const known = await devices.placeOfDevice(context.pool, device);
  if (known === null) {
    throw new Problem('devices.unknown-device', `no device is registered as ${device}`);
  }
  if (known.place !== null) {
    requireRole(actor, reporters, placeOf(request, context, known.place));
  }
  return actor.account;
}
