import { randomBytes } from 'node:crypto';
import { Sync } from '../../adapters/device/sync.ts';
import type { FieldPackage } from '../../adapters/device/package.ts';
import { deviceKeyHeader } from '../../ledger/wire.ts';
import type { FactEnvelope } from '../../ledger/fact.ts';

/** What all phones of a bench write their measurements into. */
export interface Measured {
  /** Round trips of batches that were answered, in milliseconds. */
  readonly batchMs: number[];
  readonly loadMs: number[];
  readonly packageBytes: number[];
  /** What went wrong, by code. */
  readonly errors: Map<string, number>;
}

interface PhoneOptions {
  readonly url: string;
  readonly device: string;
  readonly account: string;
  readonly password: string;
  readonly place: string;
  readonly measured: Measured;
}

const tubesPerDay = 100;
const boxesPerDay = 8;
const poolSize = 10;

/** A phone as plain HTTP: loads the app and a package, records a day, and sends it by `Sync`. */
export class Phone {
  readonly #options: PhoneOptions;
  readonly #key = randomBytes(32).toString('base64url');
  #token = '';
  #lamport = 0;
  #seq = 0;
  /** Kept and not delivered, oldest first. */
  #queue: FactEnvelope[] = [];

  constructor(options: PhoneOptions) {
    this.#options = options;
  }

  /** Everything a phone does with its first signal: the shell, sign-in, registration, package. */
  async load(): Promise<void> {
    const { account, password, device, place, measured } = this.#options;
    const began = performance.now();
    await this.#shell();
    const session = await this.#ask('POST', '/v1/sessions', { account, password });
    this.#token = (session as { token: string }).token;
    const registration = { label: device, key: this.#key, app: 'bench' };
    await this.#ask('PUT', `/v1/devices/${device}`, registration);
    const loaded = await this.#ask('GET', `/v1/field/package?place=${place}&device=${device}`);
    measured.loadMs.push(performance.now() - began);
    this.#record(loaded as FieldPackage);
  }

  /** Sends the day; answers true when everything is delivered before the time is over. */
  async sync(msMax: number): Promise<boolean> {
    const { promise: drained, resolve } = Promise.withResolvers<boolean>();
    const sync = new Sync({
      next: async (size) => this.#queue.slice(0, size),
      settle: async ({ delivered, setAside }) => {
        const settled = new Set([...delivered, ...setAside].map(({ id }) => id));
        for (const { code } of setAside) this.#fail(code);
        this.#queue = this.#queue.filter(({ id }) => !settled.has(id));
        if (this.#queue.length === 0) resolve(true);
      },
      report: () => ({
        id: this.#options.device,
        keptSeq: this.#seq,
        waiting: this.#queue.length,
        clockAt: Date.now(),
        app: { version: 'bench', format: 1 },
      }),
      post: async (request, signal) => this.#post(request, signal),
      clock: () => performance.now(),
      draw: Math.random,
      timer: (ms, ring) => {
        const timer = setTimeout(ring, ms);
        return () => clearTimeout(timer);
      },
    });
    const limit = setTimeout(() => resolve(false), msMax);
    sync.wake();
    const isDone = await drained;
    clearTimeout(limit);
    await sync.close();
    return isDone;
  }

  async #post(request: object, signal: AbortSignal): ReturnType<PostPort> {
    const began = performance.now();
    const reply = await fetch(`${this.#options.url}/v1/facts`, {
      ...{ method: 'POST', signal, body: JSON.stringify(request) },
      headers: this.#headers(true),
    });
    const body: unknown = await reply.json();
    if (reply.status === 200) {
      this.#options.measured.batchMs.push(performance.now() - began);
      return { kind: 'answered', body };
    }
    const { code, detail } = body as { code: string; detail: string };
    this.#fail(code);
    const { status } = reply;
    const retryAfterMs = Number(reply.headers.get('retry-after') ?? 0) * 1000;
    return { kind: 'failed', failure: { status, timedOut: false, code, detail, retryAfterMs } };
  }

  /** The page of the app and what it names; a build that is not there is the board's page. */
  async #shell(): Promise<void> {
    const { url } = this.#options;
    const page = await fetch(`${url}/field/`);
    const text = await page.text();
    if (page.status !== 200) return;
    const parts = text.matchAll(/(?:src|href)="(\/field\/[^"]+|\.?\/?assets\/[^"]+)"/g);
    for (const [, part = ''] of parts) {
      const reply = await fetch(new URL(part, `${url}/field/`));
      await reply.arrayBuffer();
      if (reply.status !== 200) this.#fail(`http.${reply.status}`);
    }
  }

  async #ask(method: string, path: string, json?: object): Promise<unknown> {
    const reply = await fetch(this.#options.url + path, {
      method,
      headers: this.#headers(json !== undefined),
      ...(json === undefined ? {} : { body: JSON.stringify(json) }),
    });
    const bytes = Number(reply.headers.get('content-length') ?? 0);
    if (path.startsWith('/v1/field/')) this.#options.measured.packageBytes.push(bytes);
    const text = await reply.text();
    if (reply.ok) return JSON.parse(text);
    throw new Error(`${method} ${path}: ${reply.status} ${text}`);
  }

  #headers(hasBody: boolean): { [name: string]: string } {
    return {
      ...(hasBody ? { 'content-type': 'application/json' } : {}),
      ...(this.#token === '' ? {} : { authorization: `Bearer ${this.#token}` }),
      [deviceKeyHeader]: this.#key,
    };
  }

  #fail(code: string): void {
    const { errors } = this.#options.measured;
    errors.set(code, (errors.get(code) ?? 0) + 1);
  }

  /** A day of one team: each tube opened and sealed, boxes of a dozen tubes, two reasons. */
  #record({ persons, lamport, entries }: FieldPackage): void {
    this.#lamport = lamport;
    const round = entries[0]?.round ?? 'R1';
    const mark = this.#options.device.toUpperCase();
    const boxed: string[] = [];
    for (let tube = 0; tube < tubesPerDay; tube++) {
      const label = `${mark}-T${tube}`;
      const members = persons.id.slice(tube * poolSize, (tube + 1) * poolSize);
      const opened = { round, poolSize, point: 'SP1', purpose: 'round' };
      this.#keep('screening.tube-opened', `tube:${label}`, opened);
      this.#keep('screening.tube-sealed', `tube:${label}`, { ...opened, members });
      boxed.push(label);
      if (boxed.length < tubesPerDay / boxesPerDay && tube < tubesPerDay - 1) continue;
      const from = `user:${this.#options.account}`;
      const tubes = boxed.splice(0);
      this.#keep('custody.box-sealed', `box:${mark}-B${tube}`, { tubes, from });
    }
    for (const person of persons.id.slice(-2)) {
      const body = { disposition: 'home-visit', reason: 'cannot come down' };
      this.#keep('screening.person-disposed', `entry:${round}/${person}`, body);
    }
  }

  #keep(kind: string, subject: string, body: object): void {
    const { device, place } = this.#options;
    this.#seq += 1;
    this.#lamport += 1;
    this.#queue.push({
      id: `${device}.${String(this.#seq).padStart(8, '0')}.0`,
      ...{ kind, subject, place, body },
      ...{ deviceId: device, deviceSeq: this.#seq, lamport: this.#lamport, at: Date.now() },
    });
  }

  /** Facts recorded on this phone. */
  get kept(): number {
    return this.#seq;
  }
}

type PostPort = ConstructorParameters<typeof Sync>[0]['post'];
