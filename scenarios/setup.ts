import { createHmac } from 'node:crypto';
import type { Instant } from '../kernel/instant.ts';
import type { Staff } from './actors/staff.ts';
import { type Client, ServerProblem, type Session } from './client.ts';
import { sideBySide } from './outbox.ts';
import { rosterCsv } from './population.ts';
import type { World } from './world.ts';

/** What setting up needs. */
export interface Setup {
  readonly client: Client;
  /** Signed in as an administrator. */
  readonly admin: Session;
  readonly adminPassword: string;
  readonly world: World;
  readonly staff: Staff;
  readonly at: Instant;
  readonly onProgress: (line: string) => void;
}

/**
 * Puts the scenario's places, people, accounts and points on a server, leaving alone what is
 * there already, so that a second run goes on where the first stopped.
 */
export async function setUp(setup: Setup): Promise<void> {
  await importPlaces(setup);
  await drawPlaces(setup);
  await Promise.all([importPersons(setup), makeAccounts(setup)]);
}

async function importPlaces({ admin, world, onProgress }: Setup): Promise<void> {
  const { root, places } = world.scenario;
  const found = await findOrNull(admin.get(`/v1/places/${places.at(-1)?.code ?? root}`));
  if (found !== null) return;
  onProgress(`importing ${places.length} places`);
  const lines = places.map(({ code, name, nameEn, parent }) => {
    return `${code},${name},${nameEn},${parent}\n`;
  });
  await admin.send({
    method: 'POST',
    path: '/v1/imports/places',
    stream: () => streamOf(['code,name,name_en,parent\n', ...lines]),
  });
}

/** Where the places lie, for maps: the same again changes nothing. */
async function drawPlaces({ admin, world }: Setup): Promise<void> {
  const json: unknown = JSON.parse(world.scenario.shapes);
  await admin.send({ method: 'PUT', path: '/v1/trend/shapes', json });
}

async function importPersons({ admin, world, onProgress }: Setup): Promise<void> {
  const { population, seed } = world;
  const { personCount, communities, householdStart } = population;
  // An import is all or nothing, so the last household tells of the whole roster.
  const households = householdStart.length - 1;
  if ((await findOrNull(admin.get(`/v1/households/${households}`))) !== null) return;
  onProgress(`importing ${personCount} people`);
  // Drawn in chunks as the server takes them, so that memory stays flat at any scale.
  await admin.send({
    method: 'POST',
    path: '/v1/imports/persons',
    stream: () => streamOf(rosterCsv(communities, seed)),
  });
}

function streamOf(chunks: Iterable<string>): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  const iterator = chunks[Symbol.iterator]();
  return new ReadableStream<Uint8Array>({
    pull(controller) {
      const { value, done } = iterator.next();
      if (done === true) controller.close();
      else controller.enqueue(encoder.encode(value));
    },
  });
}

/** A password only this server's administrator can work out again. */
export function passwordOf(adminPassword: string, account: string): string {
  return createHmac('sha256', adminPassword).update(`scenario ${account}`).digest('base64url');
}

async function makeAccounts({ admin, adminPassword, staff, onProgress }: Setup): Promise<void> {
  const { rows } = await admin.get<{ rows: { account: string }[] }>('/v1/accounts');
  const known = new Set(rows.map(({ account }) => account));
  const missing = staff.members.filter(({ account }) => !known.has(account));
  if (missing.length > 0) onProgress(`making ${missing.length} accounts`);
  // Hashing a password is slow on purpose; four at a time keep two cores busy.
  await sideBySide(
    missing,
    async ({ account, role, place }) => {
      const password = passwordOf(adminPassword, account);
      const json = { account, password, roles: [{ role, place }] };
      await admin.send({ method: 'POST', path: '/v1/accounts', json }).catch((problem: unknown) => {
        // Made by an earlier attempt whose answer was lost.
        if (!(problem instanceof ServerProblem) || problem.code !== 'accounts.name-taken')
          throw problem;
      });
    },
    4,
  );
}

/** Opens sampling points and laboratories; those that are open already stay as they are. */
export function openPoints({ world, staff, at }: Pick<Setup, 'world' | 'staff' | 'at'>): void {
  const { outbox, scenario } = world;
  const open = (
    point: string,
    body: {
      place: string;
      pointKind: string;
      capacityPerDay: number;
      label: { en: string; zh: string };
    },
  ): void => {
    outbox.act({
      account: staff.headquarters,
      room: 'places',
      act: 'open-point',
      key: point,
      at,
      body: { point, ...body },
      expected: ['places.point-already-open'],
    });
  };
  for (const { id, label, place, first, end } of staff.sites) {
    open(id, { place, pointKind: 'sampling', label, capacityPerDay: end - first });
  }
  for (const { id, label, pointKind, units } of staff.facilities) {
    const beds = units.reduce((sum, unit) => sum + unit.beds, 0);
    open(id, { place: scenario.root, pointKind, label, capacityPerDay: beds });
  }
  for (const { id, label, instruments } of staff.laboratories) {
    const { wellsPerPlate, runMinutes } = world.policy.laboratory;
    const capacityPerDay = Math.round((instruments * wellsPerPlate * 24 * 60) / runMinutes);
    open(id, { place: scenario.root, pointKind: 'laboratory', label, capacityPerDay });
  }
}

/** The answer, or null when what was asked for is not there. */
export async function findOrNull<T>(answer: Promise<T>): Promise<T | null> {
  try {
    return await answer;
  } catch (problem) {
    if (problem instanceof ServerProblem && problem.status === 404) return null;
    throw problem;
  }
}
