import { type ChildProcess, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type pg from 'pg';
import { createDatabase } from '../../adapters/postgres/administer.ts';
import { openDatabase } from '../../adapters/postgres/database.ts';
import { startEmbedded } from '../../adapters/postgres/embedded.ts';
import { walPosition } from './copy-limit.ts';
import type { Layout, Sender } from './ingest-tubes.ts';
import { furnish } from './ingest-world.ts';
import type { Said, Turn, TurnOutcome } from './load-process.ts';
import { machineCpuSeconds, parentOf, treeCpuSeconds } from './processor.ts';

/** What stands behind the routes: Sextant, nothing, or a transaction a request. */
export type Variant = 'ours' | 'null' | 'naive';

/** A server in a process of its own, on a database of its own. */
export interface Contender {
  readonly variant: Variant;
  /** As the database's owner. */
  readonly owner: pg.Pool;
  readonly child: ChildProcess;
  readonly port: number;
  counts: readonly number[];
}

/** One turn of load on one server. */
export interface Measured extends TurnOutcome {
  readonly tubesPerSecond: number;
  /** Processor seconds in the measured time; `other` is what is none of ours. */
  readonly cpu: { node: number; postgres: number; load: number; other: number };
  /** Bytes of write-ahead log of the whole turn. */
  readonly walBytes: number;
}

/** A folder, a PostgreSQL in it, the furnished databases, the load generator and the servers. */
export class IngestBench {
  readonly layout: Layout;
  readonly folder: string;
  readonly #load: ChildProcess;
  readonly #postmaster: number;
  readonly #senders: readonly Sender[];
  readonly #contenders: readonly Contender[];
  readonly #stop: () => Promise<void>;

  private constructor(parts: {
    readonly layout: Layout;
    readonly folder: string;
    readonly senders: readonly Sender[];
    readonly contenders: readonly Contender[];
    readonly postmaster: number;
    readonly stop: () => Promise<void>;
  }) {
    this.layout = parts.layout;
    this.folder = parts.folder;
    this.#senders = parts.senders;
    this.#contenders = parts.contenders;
    this.#postmaster = parts.postmaster;
    this.#stop = parts.stop;
    this.#load = fork(fileURLToPath(new URL('load-process.ts', import.meta.url)));
  }

  /**
   * Starts everything. Each server has its own copy of the same furnished database, so that none
   * follows what another puts on record. Each writes a processor profile below `profile`.
   */
  static async open(
    layout: Layout,
    variants: readonly Variant[],
    { profile = null }: { readonly profile?: string | null } = {},
  ): Promise<IngestBench> {
    const folder = await mkdtemp(join(tmpdir(), 'sextant-ingest-'));
    // Passable for the account that PostgreSQL runs as when the bench runs as root.
    await chmod(folder, 0o711);
    const server = await startEmbedded({ dataDir: join(folder, 'data'), graceSeconds: 5 });
    const contenders: Contender[] = [];
    const stop = async (): Promise<void> => {
      for (const each of contenders) await endContender(each);
      await server.stop();
      await rm(folder, { recursive: true, force: true });
    };
    try {
      const furnished = server.connectionString;
      const senders = await furnish(furnished, layout);
      for (const variant of variants) {
        const name = `bench_${variant}`;
        const address = await createDatabase(furnished, name, { template: server.database });
        const data = join(folder, name);
        contenders.push(await startContender(variant, { address, data, profile }));
      }
      // What the copies left to write is written now and not in somebody's turn.
      await contenders[0]?.owner.query('checkpoint');
      const postmaster = await findPostmaster(contenders);
      return new IngestBench({ layout, folder, senders, contenders, postmaster, stop });
    } catch (error) {
      await stop();
      throw error;
    }
  }

  /** The server of a variant. */
  contender(variant: Variant): Contender {
    const found = this.#contenders.find((each) => each.variant === variant);
    if (found === undefined) throw new Error(`no server ${variant} was asked for`);
    return found;
  }

  /** Loads one server for a while; everything that was sent has been answered when it returns. */
  async turn(
    variant: Variant,
    wanted: Pick<Turn, 'tubesPerRequest' | 'warmMs' | 'measureMs'>,
  ): Promise<Measured> {
    const contender = this.contender(variant);
    const { port, counts, owner } = contender;
    const from = await walPosition(owner);
    const watch = { begin: this.#cpu(contender), end: this.#cpu(contender) };
    const asked: Turn = { ...wanted, port, counts, layout: this.layout, senders: this.#senders };
    const outcome = await new Promise<TurnOutcome>((resolve, reject) => {
      this.#load.removeAllListeners('message');
      this.#load.on('message', (said: Said) => {
        if (said.kind === 'done') resolve(said);
        else if (said.kind === 'failed') reject(new Error(`${variant}: ${said.message}`));
        else watch[said.kind] = this.#cpu(contender);
      });
      contender.child.once('exit', () => reject(new Error(`the server ${variant} ended`)));
      this.#load.once('exit', () => reject(new Error('the load generator ended')));
      this.#load.send(asked);
    });
    for (const each of [contender.child, this.#load]) each.removeAllListeners('exit');
    contender.counts = outcome.counts;
    const { begin, end } = watch;
    const [node, postgres, load] = [
      end.node - begin.node,
      end.postgres - begin.postgres,
      end.load - begin.load,
    ];
    const other = Math.max(0, end.machine - begin.machine - node - postgres - load);
    return {
      ...outcome,
      tubesPerSecond: outcome.tubes / outcome.seconds,
      cpu: { node, postgres, load, other },
      walBytes: (await walPosition(owner)) - from,
    };
  }

  /** Stops what was started and removes what was written. */
  async close(): Promise<void> {
    this.#load.disconnect();
    await this.#stop();
  }

  #cpu({ child }: Contender): { node: number; postgres: number; load: number; machine: number } {
    return {
      node: treeCpuSeconds(child.pid ?? 0),
      postgres: treeCpuSeconds(this.#postmaster),
      load: treeCpuSeconds(this.#load.pid ?? 0),
      machine: machineCpuSeconds(),
    };
  }
}

async function startContender(
  variant: Variant,
  { address, data, profile }: { address: string; data: string; profile: string | null },
): Promise<Contender> {
  const owner = await openDatabase(address, { service: false, connectionsMax: 2 });
  await requireDurable(owner);
  const root = fileURLToPath(new URL('../../', import.meta.url));
  const own = ['apps/server/main.ts', '--empty', '--port', '0', '--log-level', 'silent'];
  const args =
    variant === 'ours'
      ? [...own, '--data', data, '--database-url', address]
      : ['bench/support/ingest-variant.ts', variant, address];
  const flags = profile === null ? [] : ['--cpu-prof', `--cpu-prof-dir=${join(profile, variant)}`];
  const child = spawn(process.execPath, [...flags, ...args], {
    ...{ cwd: root, stdio: ['ignore', 'pipe', 'pipe', 'ipc'] },
  });
  let output = '';
  const url = await new Promise<string>((resolve, reject) => {
    const hear = (text: Buffer): void => {
      output += text.toString();
      const match = /Sextant is at (http:\S+)/.exec(output);
      if (match?.[1] !== undefined) resolve(match[1]);
    };
    child.stdout?.on('data', hear);
    child.stderr?.on('data', hear);
    child.once('exit', (code) => reject(new Error(`${variant} ended with ${code}: ${output}`)));
  });
  child.removeAllListeners('exit');
  return { variant, owner, child, port: Number(new URL(url).port), counts: [] };
}

async function endContender({ child, owner }: Contender): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) {
    const gone = once(child, 'exit');
    child.kill('SIGTERM');
    await gone;
  }
  await owner.end();
}

/** A figure of a database that may lose what it has acknowledged would be worth nothing. */
async function requireDurable(owner: pg.Pool): Promise<void> {
  for (const name of ['fsync', 'synchronous_commit', 'full_page_writes']) {
    const { rows } = await owner.query<{ [setting: string]: string }>(`show ${name}`);
    if (rows[0]?.[name] !== 'on') throw new Error(`${name} is ${rows[0]?.[name]}, and must be on`);
  }
}

/** The process above every backend, if it runs on this machine. */
async function findPostmaster(contenders: readonly Contender[]): Promise<number> {
  const { rows = [] } =
    (await contenders[0]?.owner.query<{ pid: number }>('select pg_backend_pid() as pid')) ?? {};
  return parentOf(rows[0]?.pid ?? 0);
}
