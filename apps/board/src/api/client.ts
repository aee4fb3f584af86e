import type { JsonObject } from './types.ts';

/** What the server answers when it will not: RFC 9457, with a stable code. */
export class Problem extends Error {
  override name = 'Problem';
  readonly status: number;
  readonly code: string;
  readonly detail: string;
  readonly where: string | null;
  readonly details: JsonObject;

  constructor(status: number, body: Partial<ProblemBody>) {
    super(body.code ?? `http.${status}`);
    this.status = status;
    this.code = body.code ?? `http.${status}`;
    this.detail = body.detail ?? body.title ?? '';
    this.where = typeof body.where === 'string' ? body.where : null;
    this.details = body.details ?? {};
  }
}

interface ProblemBody {
  readonly title: string;
  readonly code: string;
  readonly detail: string;
  readonly where: string;
  readonly details: JsonObject;
}

/** Nobody answered: the cable, the server or the way between is down. */
export class Unreachable extends Error {
  override name = 'Unreachable';
}

export type Query = { readonly [name: string]: string | number | boolean | null | undefined };

/** The query as text, without what is empty. */
export function queryText(query: Query): string {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value === null || value === undefined || value === '') continue;
    params.set(name, String(value));
  }
  const text = params.toString();
  return text === '' ? '' : `?${text}`;
}

const minuteMs = 60_000;
const refusedListeners = new Set<() => void>();

/** Calls back when the server no longer knows who is signed in. */
export function onSignedOut(listener: () => void): () => void {
  refusedListeners.add(listener);
  return () => refusedListeners.delete(listener);
}

interface Call {
  readonly method?: string;
  /** Sent as JSON unless `contentType` says otherwise. */
  readonly body?: unknown;
  readonly contentType?: string;
  readonly signal?: AbortSignal;
  /** How long to wait for the answer; a minute when left out. */
  readonly minutesMax?: number;
}

/** One request to `/v1` on the same origin, under the session's cookie. */
export async function request<Reply>(path: string, call: Call = {}): Promise<Reply> {
  const response = await send(path, call);
  const text = await response.text();
  const body: unknown = text === '' ? {} : parse(text);
  if (response.ok) return body as Reply;
  return fail(response, path, body);
}

/** One request whose answer is a file, with what its headers say of it. */
export async function requestFile(
  path: string,
  call: Call = {},
): Promise<{ readonly file: Blob; readonly headers: Headers }> {
  const response = await send(path, call);
  if (!response.ok) return fail(response, path, parse(await response.text()));
  return { file: await response.blob(), headers: response.headers };
}

function fail(response: Response, path: string, body: unknown): never {
  if (response.status === 401 && !path.startsWith('/sessions')) {
    for (const listener of refusedListeners) listener();
  }
  throw new Problem(response.status, body ?? {});
}

async function send(path: string, call: Call): Promise<Response> {
  const timeout = AbortSignal.timeout((call.minutesMax ?? 1) * minuteMs);
  const signal = call.signal === undefined ? timeout : AbortSignal.any([call.signal, timeout]);
  const headers: Record<string, string> = { accept: 'application/json' };
  const init: RequestInit = { method: call.method ?? 'GET', headers, signal };
  if (call.body !== undefined) {
    headers['content-type'] = call.contentType ?? 'application/json';
    init.body =
      call.contentType === undefined ? JSON.stringify(call.body) : (call.body as BodyInit);
  }
  try {
    return await fetch(`/v1${path}`, init);
  } catch (cause) {
    if (call.signal?.aborted === true) throw cause;
    throw new Unreachable('no answer', { cause });
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // A proxy's page instead of our server's answer: as good as none.
    throw new Unreachable('the answer was not JSON');
  }
}
