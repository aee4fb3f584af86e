import { hash, timingSafeEqual } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { deviceKeyHeader } from '../../ledger/wire.ts';
import { findDevices, type KnownDevice } from '../postgres/devices.ts';
import type { ServerContext } from './context.ts';
import { Problem } from './problem.ts';

/** SHA-256 of a key: it has 256 random bits, so that a slow hash would protect nothing more. */
export function hashDeviceKey(key: string): Buffer {
  return hash('sha256', key, 'buffer');
}

const shownKeys = new WeakMap<FastifyRequest, Buffer | null>();

/** The hash of the key that came with a request; null when none came. Worked out once a request. */
export function keyHashOf(request: FastifyRequest): Buffer | null {
  const known = shownKeys.get(request);
  if (known !== undefined) return known;
  const key = request.headers[deviceKeyHeader];
  const shown = typeof key === 'string' && key !== '' ? hashDeviceKey(key) : null;
  shownKeys.set(request, shown);
  return shown;
}

/** Whether a request holds the key of a device. */
export function holdsKey(request: FastifyRequest, { keyHash }: KnownDevice): boolean {
  const shown = keyHashOf(request);
  return shown !== null && shown.length === keyHash.length && timingSafeEqual(shown, keyHash);
}

const keptMs = 3_000;
const entriesMax = 10_000;

/**
 * Registered devices, remembered for a few seconds so that a batch does not cost a look-up.
 * Emptied when a device registers; another server learns of it within those seconds.
 */
export class DeviceCache {
  readonly #entries = new Map<string, { known: KnownDevice | null; until: number }>();

  /** Those of the devices that are registered. */
  async find(
    context: ServerContext,
    devices: readonly string[],
  ): Promise<ReadonlyMap<string, KnownDevice>> {
    const now = Date.now();
    const unsure = devices.filter((device) => (this.#entries.get(device)?.until ?? 0) <= now);
    if (unsure.length > 0) {
      const found = await findDevices(context.pool, unsure);
      if (this.#entries.size > entriesMax) this.#entries.clear();
      for (const device of unsure) {
        this.#entries.set(device, { known: found.get(device) ?? null, until: now + keptMs });
      }
    }
    return new Map(
      devices.flatMap((device) => {
        const known = this.#entries.get(device)?.known ?? null;
        return known === null ? [] : [[device, known]];
      }),
    );
  }

  /** Forgets everything: a device has registered, or was reported lost or found. */
  clear(): void {
    this.#entries.clear();
  }
}

/** Refuses unless the device is registered, not lost, and proves itself with its key. */
export async function requireDevice(
  context: ServerContext,
  request: FastifyRequest,
  device: string,
): Promise<void> {
  const known = (await findDevices(context.pool, [device])).get(device);
  if (known === undefined) {
    throw new Problem('devices.unknown-device', `no device is registered as ${device}`, {
      where: '/device',
    });
  }
  if (!holdsKey(request, known)) {
    throw new Problem('devices.wrong-key', `the key of ${device} did not come with the request`);
  }
  if (known.lost) throw new Problem('devices.lost', `${device} was reported lost`);
}
