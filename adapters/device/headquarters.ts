import type { SendFailure } from '../../ledger/outbox.ts';
import { deviceKeyHeader, type FactsRequest } from '../../ledger/wire.ts';
import { Fault } from '../fault.ts';
import type { LoadProgress } from './types.ts';

/** The problem that headquarters answered with: RFC 9457, as far as a device reads it. */
export class HeadquartersProblem extends Fault {
  readonly status: number;
  readonly retryAfterMs: number | null;

  constructor(
    code: string,
    detail: string,
    reply: { status: number; retryAfterMs: number | null },
  ) {
    super(code, detail, { retry: reply.status >= 500 || reply.status === 429 ? 'later' : 'never' });
    this.status = reply.status;
    this.retryAfterMs = reply.retryAfterMs;
  }
}

interface Asking {
  readonly method?: string;
  readonly json?: unknown;
  readonly token?: string | null;
  readonly deviceKey?: string;
  readonly signal?: AbortSignal;
}

interface Download {
  readonly token: string;
  readonly deviceKey: string;
  readonly onProgress: (progress: LoadProgress) => void;
}

/** Headquarters as a device asks it: JSON over `fetch`, problems as faults. */
export class Headquarters {
  readonly #fetch: typeof fetch;
  readonly #baseUrl: string;

  constructor(world: { readonly fetch: typeof fetch; readonly baseUrl: string }) {
    this.#fetch = world.fetch;
    this.#baseUrl = world.baseUrl;
  }

  /** Asks and reads the answer as JSON; throws a fault for anything else. */
  async ask(path: string, asking: Asking = {}): Promise<unknown> {
    const reply = await this.#send(path, asking);
    return readJson(await reply.text());
  }

  /** Asks for much, telling how much of it has come. */
  async download(path: string, { onProgress, ...credentials }: Download): Promise<unknown> {
    onProgress({ step: 'asking', receivedBytes: 0, totalBytes: null });
    const reply = await this.#send(path, credentials);
    // The length is of what travels, which may be compressed; a share above 1 is never shown.
    const isPlain = reply.headers.get('content-encoding') === null;
    const length = Number(reply.headers.get('content-length'));
    const totalBytes = isPlain && length > 0 ? length : null;
    const chunks: Uint8Array[] = [];
    let receivedBytes = 0;
    const reader = reply.body?.getReader();
    for (;;) {
      const part = await reader?.read().catch(asUnreachable);
      if (part?.value === undefined) break;
      chunks.push(part.value);
      receivedBytes += part.value.length;
      onProgress({ step: 'receiving', receivedBytes, totalBytes });
    }
    return readJson(await new Blob(chunks as BlobPart[]).text());
  }

  /** Posts a batch of facts; what comes back is for the outbox to judge. */
  async post(
    request: FactsRequest,
    credentials: { token: string | null; deviceKey: string; signal: AbortSignal },
  ): Promise<{ kind: 'answered'; body: unknown } | { kind: 'failed'; failure: SendFailure }> {
    try {
      const body = await this.ask('/v1/facts', { json: request, ...credentials });
      return { kind: 'answered', body };
    } catch (error) {
      if (!(error instanceof HeadquartersProblem)) throw error;
      const { code, message: detail, retryAfterMs } = error;
      // A 4xx that no program of ours wrote says nothing of the batch: somebody stands in between.
      const isOurs = code !== 'device.answer-unreadable' || error.status >= 413;
      const status = isOurs ? error.status : null;
      return { kind: 'failed', failure: { status, timedOut: false, code, detail, retryAfterMs } };
    }
  }

  async #send(path: string, { json, token, ...asking }: Asking): Promise<Response> {
    const reply = await this.#fetch(this.#baseUrl + path, {
      method: asking.method ?? (json === undefined ? 'GET' : 'POST'),
      // The device names its session itself, so that what one account left is sent as that account.
      credentials: 'omit',
      cache: 'no-store',
      ...(json === undefined ? {} : { body: JSON.stringify(json) }),
      ...(asking.signal === undefined ? {} : { signal: asking.signal }),
      headers: {
        ...(json === undefined ? {} : { 'content-type': 'application/json' }),
        ...(token === undefined || token === null ? {} : { authorization: `Bearer ${token}` }),
        ...(asking.deviceKey === undefined ? {} : { [deviceKeyHeader]: asking.deviceKey }),
      },
    }).catch(asUnreachable);
    if (reply.ok) return reply;
    throw problemOf(reply, await reply.text().catch(() => ''));
  }
}

function asUnreachable(error: unknown): never {
  const message = 'headquarters cannot be reached';
  throw new Fault('device.unreachable', message, { cause: error, retry: 'later' });
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const message = 'what answered is not headquarters';
    throw new Fault('device.answer-unreadable', message, { cause: error, retry: 'later' });
  }
}

/** A reply without a problem in it is not from headquarters: a proxy, a network's sign-in page. */
function problemOf(reply: Response, text: string): HeadquartersProblem {
  const seconds = Number(reply.headers.get('retry-after') ?? Number.NaN);
  const retryAfterMs = Number.isFinite(seconds) ? seconds * 1000 : null;
  const told = { status: reply.status, retryAfterMs };
  let problem: unknown = null;
  try {
    problem = JSON.parse(text);
  } catch {
    // Said below.
  }
  if (typeof problem === 'object' && problem !== null && 'code' in problem) {
    const detail = 'detail' in problem ? String(problem.detail) : String(problem.code);
    return new HeadquartersProblem(String(problem.code), detail, told);
  }
  return new HeadquartersProblem('device.answer-unreadable', `status ${reply.status}`, told);
}
