import { DeviceClock, type ClockKnowledge } from './clock.ts';
import { createFieldCatalogue } from './catalogue.ts';
import { FieldDevice } from './device.ts';
import type { DeviceParts, Packing } from './holdings.ts';
import { Headquarters } from './headquarters.ts';
import { Keep, type Kept } from './keep.ts';
import { emptyPackage, type KeptPackage } from './roster.ts';
import { noSessions, type Sessions } from './sessions.ts';
import type { Device, Fate } from './types.ts';
import type { WalkInRecord } from './walk-ins.ts';
import { databaseName, type DeviceWorld, drawText, holdLock, type Identity } from './world.ts';

/**
 * Opens the device: takes the lock, brings back what was kept, and begins to deliver what waits.
 * Throws `device.open-elsewhere` when another tab has it and this one does not take over.
 */
export async function openDevice(world: DeviceWorld): Promise<Device> {
  const ousted = { by: null as string | null, tell: (): void => undefined };
  const oust = (code: string): void => {
    ousted.by ??= code;
    ousted.tell();
  };
  let keep: Keep | null = null;
  const release = await holdLock(world, () => {
    if (keep === null) oust('device.taken-over');
    else keep.oust('device.taken-over');
  });
  try {
    keep = await Keep.open(world.indexedDB, world.name ?? databaseName, oust);
    const kept = await keep.load();
    const identity = await ensureIdentity(keep, kept, world);
    const parts = partsOf({ world, keep, kept, identity, release });
    const device = await FieldDevice.open(parts);
    ousted.tell = () => device.oust(ousted.by ?? 'device.taken-over');
    if (ousted.by !== null) ousted.tell();
    return device;
  } catch (error) {
    keep?.close();
    release();
    throw error;
  }
}

async function ensureIdentity(keep: Keep, kept: Kept, { crypto }: DeviceWorld): Promise<Identity> {
  const known = kept.meta.get('identity') as Identity | undefined; // put there below
  if (known !== undefined) return known;
  // 52 characters of five bits each: a key that nobody guesses.
  const made = { id: `f${drawText(crypto, 10)}`, key: drawText(crypto, 52), isRegistered: false };
  await keep.write((writes) => writes.put('meta', made, 'identity'));
  return made;
}

/** What was kept, in the form in which this program put it there. */
function partsOf(
  given: Pick<DeviceParts, 'world' | 'keep' | 'kept' | 'identity' | 'release'>,
): DeviceParts {
  const { world, kept } = given;
  const read = <T>(key: string, otherwise: T): T =>
    (kept.meta.get(key) as T | undefined) ?? otherwise;
  return {
    ...given,
    catalogue: createFieldCatalogue(),
    headquarters: new Headquarters(world),
    clock: new DeviceClock(world.clocks, read<ClockKnowledge | null>('clock', null)),
    sessions: read<Sessions>('sessions', noSessions),
    package: read<KeptPackage>('package', emptyPackage),
    fates: read<readonly Fate[]>('fates', []),
    fatesRead: read<readonly string[]>('fatesRead', []),
    numberUsed: read<number | null>('numberUsed', null),
    packing: read<Packing>('packing', {}),
    walkIns: kept.walkIns as readonly WalkInRecord[],
  };
}
