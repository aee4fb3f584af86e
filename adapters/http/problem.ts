import type { Json } from '../../kernel/assert.ts';

/** What goes wrong over HTTP, in the form of RFC 9457. Only this file knows status numbers. */
export class Problem extends Error {
  override name = 'Problem';
  readonly code: string;
  readonly status: number;
  readonly where: string | null;
  readonly details: { readonly [k: string]: Json } | null;

  constructor(
    code: string,
    detail: string,
    options: { where?: string; details?: { readonly [k: string]: Json }; status?: number } = {},
  ) {
    super(detail);
    this.code = code;
    this.status = options.status ?? statusOf(code);
    this.where = options.where ?? null;
    this.details = options.details ?? null;
  }
}

/** Codes whose status is not 409, the status of a refusal by the rules. */
const statuses: { readonly [code: string]: number } = {
  'http.malformed-json': 400,
  'http.malformed-request': 400,
  'http.unsupported-media-type': 415,
  'http.body-too-large': 413,
  'http.not-found': 404,
  'http.method-not-allowed': 405,
  'http.bug': 500,
  'access.not-signed-in': 401,
  'access.wrong-password': 401,
  'access.too-many-attempts': 429,
  'access.not-permitted': 403,
  'access.cross-site': 403,
  'ledger.unknown-act': 404,
  'ledger.malformed-act': 400,
  'ledger.malformed-fact': 400,
  'ledger.malformed-body': 400,
  'places.unknown-place': 404,
  'persons.unknown-person': 404,
  'accounts.unknown-account': 404,
  'persons.unknown-household': 404,
  'devices.unknown-device': 404,
  'devices.wrong-key': 403,
  'devices.lost': 403,
  'duties.unknown-finding': 404,
  'trend.day-to-come': 400,
  'trend.unknown-snapshot': 404,
  'laboratory.unreadable-file': 422,
  'labels.unknown-run': 404,
  'labels.run-differs': 409,
  'server.busy': 503,
  'server.no-room': 503,
  'server.stopping': 503,
  'database.unreachable': 503,
};

/** Seconds after which to come back; a client adds its own spread, so that not all come at once. */
const retrySeconds: { readonly [code: string]: number } = {
  'access.too-many-attempts': 900,
  'server.busy': 2,
  'server.no-room': 30,
  'server.stopping': 5,
  'database.unreachable': 5,
};

/** When to come back after a problem, in seconds; null when coming back does not help. */
export function retryAfterSeconds({ code, status }: Problem): number | null {
  return retrySeconds[code] ?? (status === 503 ? 5 : null);
}

function statusOf(code: string): number {
  const listed = statuses[code];
  if (listed !== undefined) return listed;
  return /^(exchange|labels)\./.test(code) ? 422 : 409;
}

/** The body of a problem. */
export function problemBody(problem: Problem): { readonly [k: string]: Json } {
  return {
    type: `about:blank#${problem.code}`,
    title: problem.code,
    status: problem.status,
    code: problem.code,
    detail: problem.message,
    ...(problem.where === null ? {} : { where: problem.where }),
    ...(problem.details === null ? {} : { details: problem.details }),
  };
}
