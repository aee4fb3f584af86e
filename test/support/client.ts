import type { Json } from '../../kernel/assert.ts';

/** A reply as it came over the wire. */
export interface Reply {
  readonly status: number;
  readonly type: string;
  readonly headers: Headers;
  readonly text: string;
  /** The body as JSON; tests say what they expect in it with `toMatchObject`. */
  readonly body: Body;
}

// What a reply holds is what the tests are about, so each field is looked at as it is asserted.
export type Body = { readonly [field: string]: any }; // any: replies are judged by assertions

/** What `ask` may be told besides method and path. */
export interface Asking {
  /** Sent as JSON. */
  readonly json?: unknown;
  /** Sent as it is. */
  readonly raw?: string | Uint8Array;
  readonly type?: string;
  readonly headers?: { readonly [name: string]: string };
}

let actSerial = 0;

/** An act identifier that no other act of this process has. */
export function newActId(): string {
  actSerial += 1;
  return `test-${process.pid}-${String(actSerial).padStart(6, '0')}`;
}

/** Somebody at a screen or a device: asks a server over real HTTP with their own token. */
export class Client {
  readonly url: string;
  readonly account: string;
  readonly token: string | null;

  constructor(url: string, account = '', token: string | null = null) {
    this.url = url;
    this.account = account;
    this.token = token;
  }

  async ask(method: string, path: string, asking: Asking = {}): Promise<Reply> {
    const { json, raw, type = json === undefined ? undefined : 'application/json' } = asking;
    const reply = await fetch(this.url + path, {
      method,
      body: json === undefined ? ((raw as BodyInit | undefined) ?? null) : JSON.stringify(json),
      headers: {
        ...(this.token === null ? {} : { authorization: `Bearer ${this.token}` }),
        ...(type === undefined ? {} : { 'content-type': type }),
        ...asking.headers,
      },
    });
    const text = await reply.text();
    const replyType = reply.headers.get('content-type') ?? '';
    const body = /json/.test(replyType) && text !== '' ? (JSON.parse(text) as Body) : {};
    return { status: reply.status, type: replyType, headers: reply.headers, text, body };
  }

  get(path: string): Promise<Reply> {
    return this.ask('GET', path);
  }

  post(path: string, json: unknown): Promise<Reply> {
    return this.ask('POST', path, { json });
  }

  /** Does an act at a desk, `room.act`. */
  act(name: string, act: Json, { actId = newActId(), at }: ActOptions = {}): Promise<Reply> {
    const when = at === undefined ? {} : { at };
    return this.post(`/v1/acts/${name.replace('.', '/')}`, { actId, ...when, act });
  }

  /** Does an act that must succeed; throws with what was said otherwise. */
  async must(name: string, act: Json, options: ActOptions = {}): Promise<Reply> {
    const reply = await this.act(name, act, options);
    if (reply.status !== 200) throw new Error(`${name}: ${reply.status} ${reply.text}`);
    return reply;
  }

  /** Sends facts as a device does. */
  facts(facts: readonly unknown[]): Promise<Reply> {
    return this.post('/v1/facts', { facts });
  }

  /** Sends a file. */
  file(path: string, raw: string | Uint8Array, type = 'text/csv'): Promise<Reply> {
    return this.ask('POST', path, { raw, type });
  }
}

interface ActOptions {
  readonly actId?: string;
  readonly at?: number;
}

/** Status, code and place of a problem, for a comparison in one line. */
export function problemOf({ status, type, body }: Reply): [number, unknown, unknown] {
  const { code = type, where = null } = body;
  return [status, code, where];
}
