import type { Json } from '../kernel/assert.ts';
import type { FactEnvelope } from '../ledger/fact.ts';

/** What the server says of a batch of facts. */
export interface FactsAnswer {
  readonly accepted: readonly { readonly id: string }[];
  readonly known: readonly string[];
  /** The greatest Lamport number on record by then. */
  readonly lamport: number;
  readonly refused: readonly {
    readonly id: string | null;
    readonly code: string;
    readonly where?: string;
    readonly detail?: string;
  }[];
}

/** What the server says of an act: done, or refused with a code. */
export type ActAnswer =
  | { readonly done: true; readonly facts: readonly DoneFact[] }
  | { readonly done: false; readonly code: string; readonly detail: string };

/** What an act put on record. */
export interface DoneFact {
  readonly id: string;
  readonly kind: string;
  readonly subject: string;
  readonly lamport: number;
}

/** A problem the server reported (RFC 9457) that trying again will not cure. */
export class ServerProblem extends Error {
  override name = 'ServerProblem';
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

/** Options of a client. */
export interface ClientOptions {
  readonly baseUrl: string;
  readonly signal?: AbortSignal | undefined;
  /** Called with the ids the server has acknowledged, new and known alike. */
  readonly acknowledged?: ((ids: readonly string[]) => void) | undefined;
  /** How long to go on trying while the server does not answer. */
  readonly patienceMs?: number;
}

interface Call {
  readonly method: string;
  readonly path: string;
  readonly token?: string | null;
  readonly json?: unknown;
  /** Makes the body anew for every attempt, since a stream is read only once. */
  readonly stream?: () => ReadableStream<Uint8Array>;
}

/** A failure of the program itself will not go away; a few tries tell it from a passing one. */
const bugTriesMax = 4;
const retryDelayMsMin = 50;
const retryDelayMsMax = 2_000;

/**
 * One server seen from outside: requests are sent again, unchanged, until they are answered.
 * Nothing is lost or done twice by that, as facts and acts carry ids made before the first try.
 */
export class Client {
  readonly #options: ClientOptions;
  /** Requests that had to be sent again; a measure of how rough the road was. */
  retries = 0;

  constructor(options: ClientOptions) {
    this.#options = { ...options, baseUrl: options.baseUrl.replace(/\/$/, '') };
  }

  /** Signs in and answers requests in that account's name. */
  async signIn(account: string, password: string): Promise<Session> {
    const session = new Session(this, account, password, this.#options.acknowledged);
    await session.renew();
    return session;
  }

  /** Sends one request, again and again while the server is away; null for an empty answer. */
  async send(call: Call): Promise<unknown> {
    const givenUpAt = performance.now() + (this.#options.patienceMs ?? 120_000);
    let delayMs = retryDelayMsMin;
    for (let tries = 1; ; tries++) {
      this.#options.signal?.throwIfAborted();
      const outcome = await this.#attempt(call);
      if ('value' in outcome) return outcome.value;
      const isBug = outcome.fault instanceof ServerProblem && outcome.fault.status === 500;
      if (performance.now() > givenUpAt || (isBug && tries >= bugTriesMax)) throw outcome.fault;
      this.retries++;
      await new Promise((resolve) => setTimeout(resolve, delayMs));
      delayMs = Math.min(retryDelayMsMax, delayMs * 2);
    }
  }

  async #attempt(call: Call): Promise<{ value: unknown } | { fault: unknown }> {
    try {
      const response = await fetch(this.#options.baseUrl + call.path, this.#init(call));
      const text = await response.text();
      // Too busy or going down: the same request may succeed later.
      if (response.status >= 500 || response.status === 429) {
        return { fault: problemOf(response.status, text) };
      }
      if (!response.ok) throw problemOf(response.status, text);
      return { value: text === '' ? null : JSON.parse(text) };
    } catch (fault) {
      if (fault instanceof ServerProblem || this.#options.signal?.aborted) throw fault;
      return { fault };
    }
  }

  #init(call: Call): RequestInit {
    const headers: Record<string, string> = {};
    if (call.token) headers['authorization'] = `Bearer ${call.token}`;
    const init: RequestInit & { duplex?: 'half' } = { method: call.method, headers };
    if (this.#options.signal !== undefined) init.signal = this.#options.signal;
    if (call.stream !== undefined) {
      headers['content-type'] = 'text/csv';
      init.body = call.stream();
      init.duplex = 'half';
    } else if (call.json !== undefined) {
      headers['content-type'] = 'application/json';
      init.body = JSON.stringify(call.json);
    }
    return init;
  }
}

function problemOf(status: number, text: string): ServerProblem {
  try {
    const { code, title, detail } = JSON.parse(text);
    return new ServerProblem(status, code ?? `http.${status}`, `${title ?? ''} ${detail ?? ''}`);
  } catch {
    return new ServerProblem(status, `http.${status}`, text.slice(0, 200));
  }
}

/** An account that is signed in. */
export class Session {
  readonly account: string;
  readonly #client: Client;
  readonly #password: string;
  readonly #acknowledged: ((ids: readonly string[]) => void) | undefined;
  #token: string | null = null;

  constructor(
    client: Client,
    account: string,
    password: string,
    acknowledged: ((ids: readonly string[]) => void) | undefined,
  ) {
    this.#client = client;
    this.account = account;
    this.#password = password;
    this.#acknowledged = acknowledged;
  }

  /** Signs in again, for instance after the server forgot its sessions. */
  async renew(): Promise<void> {
    const json = { account: this.account, password: this.#password };
    const answer = (await this.#client.send({ method: 'POST', path: '/v1/sessions', json })) as {
      token: string;
    };
    this.#token = answer.token;
  }

  /** Sends a request in the account's name; signs in once more when the token is not known. */
  async send(call: Omit<Call, 'token'>): Promise<unknown> {
    try {
      return await this.#client.send({ ...call, token: this.#token });
    } catch (problem) {
      if (!(problem instanceof ServerProblem) || problem.status !== 401) throw problem;
      await this.renew();
      return this.#client.send({ ...call, token: this.#token });
    }
  }

  /** Reads a list or a figure. */
  async get<T>(path: string, query: Record<string, string | number> = {}): Promise<T> {
    const entries = Object.entries(query).map(([key, value]) => [key, String(value)]);
    const search = new URLSearchParams(entries).toString();
    const whole = search === '' ? path : `${path}?${search}`;
    return (await this.send({ method: 'GET', path: whole })) as T;
  }

  /** Sends facts as a device does. */
  async postFacts(facts: readonly FactEnvelope[]): Promise<FactsAnswer> {
    const answer = (await this.send({
      method: 'POST',
      path: '/v1/facts',
      json: { facts },
    })) as FactsAnswer;
    this.#acknowledged?.([...answer.accepted.map(({ id }) => id), ...answer.known]);
    return answer;
  }

  /** Acts as a desk does. The same `actId` is the same act, however often it is sent. */
  async act(act: {
    readonly room: string;
    readonly act: string;
    readonly actId: string;
    readonly at: number;
    readonly body: { readonly [k: string]: Json };
  }): Promise<ActAnswer> {
    const { room, act: name, actId, at, body } = act;
    try {
      const path = `/v1/acts/${room}/${name}`;
      const json = { actId, at, act: body };
      const { facts } = (await this.send({ method: 'POST', path, json })) as {
        facts: DoneFact[];
      };
      this.#acknowledged?.(facts.map(({ id }) => id));
      return { done: true, facts };
    } catch (problem) {
      if (!(problem instanceof ServerProblem) || problem.status === 401) throw problem;
      return { done: false, code: problem.code, detail: problem.message };
    }
  }
}
