// Every device at once: `npm run bench -- stampede [--devices N] [--data DIR]`.
import { readFileSync } from 'node:fs';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { hourMs } from '../kernel/instant.ts';
import { startProcess } from '../test/support/process.ts';
import { type Measured, Phone } from './support/field-phone.ts';
import { communityCode, placesFile, rosterFile } from './support/field-world.ts';

const { values } = parseArgs({
  options: { devices: { type: 'string', default: '300' }, data: { type: 'string' } },
});
const devices = Number(values.devices);
/** A device that has not sent its day by then is starved. */
const syncMsMax = 180_000;
const password = 'only-for-the-bench';
/** Teams share an account, as a shift does. */
const devicesPerAccount = 10;

const data = values.data ?? (await mkdtemp(join(tmpdir(), 'sextant-stampede-')));
// Passable for the account that PostgreSQL runs as when the bench runs as root.
await chmod(data, 0o711);
const server = await startProcess([
  '--empty',
  '--port',
  '0',
  '--data',
  join(data, 'data'),
  '--admin-password',
  password,
]);
try {
  process.stdout.write(`${JSON.stringify(await stampede(server.url, server.child.pid ?? 0))}\n`);
} finally {
  await server.stop();
  await rm(data, { recursive: true, force: true });
}

async function stampede(url: string, pid: number): Promise<object> {
  await furnish(url);
  const measured: Measured = { batchMs: [], loadMs: [], packageBytes: [], errors: new Map() };
  const phones = Array.from({ length: devices }, (_, index) => {
    const serial = String(index).padStart(4, '0');
    const account = accountOf(index);
    const place = communityCode(index);
    return new Phone({ url, device: `bench${serial}`, account, password, place, measured });
  });
  const loading = performance.now();
  await Promise.all(phones.map((phone) => phone.load()));
  const loadSeconds = secondsSince(loading);
  const cpuBefore = cpuSeconds(pid);
  const sending = performance.now();
  const done = await Promise.all(phones.map((phone) => phone.sync(syncMsMax)));
  const seconds = secondsSince(sending);
  const serverCpuSeconds = Math.round((cpuSeconds(pid) - cpuBefore) * 10) / 10;
  const facts = phones.reduce((sum, { kept }) => sum + kept, 0);
  const [p50Ms, p99Ms, worstMs] = quantiles(measured.batchMs, [0.5, 0.99, 1]);
  const [loadP99Ms] = quantiles(measured.loadMs, [0.99]);
  return {
    devices,
    errors: [...measured.errors.values()].reduce((sum, count) => sum + count, 0),
    starved: done.filter((isDone) => !isDone).length,
    p50Ms,
    p99Ms,
    worstMs,
    serverRssMb: peakRssMb(pid),
    seconds,
    facts,
    // Of the server alone: what remains of a figure when the machine is busy with something else.
    serverCpuSeconds,
    factsPerSecond: Math.round(facts / seconds),
    batches: measured.batchMs.length,
    loadSeconds,
    loadP99Ms,
    packageKb: Math.round((quantiles(measured.packageBytes, [0.5])[0] ?? 0) / 1000),
    errorCodes: Object.fromEntries(measured.errors),
  };
}

/** The registers, a round, and an account for each team. */
async function furnish(url: string): Promise<void> {
  const token = await signIn(url);
  const headers = { authorization: `Bearer ${token}` };
  const post = async (path: string, body: string, type: string): Promise<void> => {
    const reply = await fetch(url + path, {
      ...{ method: 'POST', body, headers: { ...headers, 'content-type': type } },
    });
    if (!reply.ok) throw new Error(`${path}: ${reply.status} ${await reply.text()}`);
    await reply.arrayBuffer();
  };
  const json = (path: string, body: object): Promise<void> =>
    post(path, JSON.stringify(body), 'application/json');
  await post('/v1/imports/places', placesFile(devices), 'text/csv');
  await post('/v1/imports/persons', rosterFile(devices), 'text/csv');
  const now = Date.now();
  const area = '310113';
  const act = {
    ...{ round: 'R1', place: area, areas: [area], group: null, poolSize: 10 },
    ...{ label: { en: 'Round 1', zh: '第一轮' }, startsAt: now - hourMs, endsAt: now + hourMs },
  };
  await json('/v1/acts/screening/open-round', { actId: 'stampede-round', act });
  for (let index = 0; index < devices; index += devicesPerAccount) {
    const roles = Array.from(
      { length: Math.min(devicesPerAccount, devices - index) },
      (_, each) => ({
        role: 'sampler',
        place: communityCode(index + each),
      }),
    );
    await json('/v1/accounts', { account: accountOf(index), password, roles });
  }
}

async function signIn(url: string): Promise<string> {
  const reply = await fetch(`${url}/v1/sessions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ account: 'admin', password }),
  });
  return ((await reply.json()) as { token: string }).token;
}

function accountOf(index: number): string {
  return `team-${Math.floor(index / devicesPerAccount)}`;
}

/** Values at shares of a sorted list, in whole milliseconds or bytes. */
function quantiles(measured: readonly number[], shares: readonly number[]): number[] {
  const sorted = [...measured].sort((left, right) => left - right);
  return shares.map((share) => {
    const index = Math.min(sorted.length - 1, Math.floor(share * sorted.length));
    return Math.round(sorted[index] ?? 0);
  });
}

function secondsSince(began: number): number {
  return Math.round((performance.now() - began) / 100) / 10;
}

/** Processor time of a process so far, as Linux counts it in hundredths; 0 elsewhere. */
function cpuSeconds(pid: number): number {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
    return (Number(fields[11]) + Number(fields[12])) / 100;
  } catch {
    return 0;
  }
}

/** The most memory the server has had, as Linux counts it; null elsewhere. */
function peakRssMb(pid: number): number | null {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    const kibi = /VmHWM:\s+(\d+) kB/.exec(status)?.[1];
    return kibi === undefined ? null : Math.round(Number(kibi) / 1024);
  } catch {
    return null;
  }
}
