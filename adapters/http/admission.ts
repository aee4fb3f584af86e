import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { limits } from '../../kernel/limits.ts';
import { noRoom } from './errors.ts';
import type { ServerContext } from './context.ts';
import { Problem } from './problem.ts';

/** How much one server takes in hand at once; beyond it somebody is told to come back. */
export interface Capacity {
  /** Requests that are not answered yet. */
  readonly requests: number;
  /** Bytes of their bodies, as they were sent. */
  readonly bodyBytes: number;
  /** Questions that wait for a connection to the database. */
  readonly questions: number;
  /** Screens that listen to the stream of changes. */
  readonly streams: number;
  /** Passwords that are checked or wait for it. */
  readonly passwords: number;
  /** Files that are imported. Each holds a connection, and the writer needs one, too. */
  readonly imports: number;
  /** Sheets of labels that are drawn or wait for it. */
  readonly sheets: number;
  /** Trends that are read or wait for it. */
  readonly trends: number;
}

/**
 * What two cores and 1.5 GB bear. A password takes 19 MiB and 30 ms of one core, so that the last
 * of 1,000 waits 15 s; bodies become five to ten times as large when they are read; an idle stream
 * is a socket and a timer.
 */
export const defaultCapacity: Capacity = {
  requests: 20_000,
  bodyBytes: 128_000_000,
  questions: 5_000,
  streams: 5_000,
  passwords: 1_000,
  imports: 2,
  sheets: 16,
  trends: 64,
};

/** Lets in as much as there is room for, and refuses the rest at once. */
export class Gate {
  readonly #max: number;
  readonly #what: string;
  #held = 0;

  constructor(max: number, what: string) {
    this.#max = max;
    this.#what = what;
  }

  /** Takes room; gives how to leave, which may be called twice. Throws `server.busy`. */
  enter(weight = 1): () => void {
    if (this.#held + weight > this.#max) {
      throw new Problem('server.busy', `too many ${this.#what} at once; come back in a moment`);
    }
    this.#held += weight;
    let isIn = true;
    return () => {
      if (isIn) this.#held -= weight;
      isIn = false;
    };
  }

  /** Does something inside. */
  async within<T>(run: () => Promise<T>): Promise<T> {
    const leave = this.enter();
    try {
      return await run();
    } finally {
      leave();
    }
  }
}

/** The gates that routes pass their own kind of work through. */
export type Admission = {
  readonly [kind in 'streams' | 'passwords' | 'imports' | 'sheets' | 'trends']: Gate;
};

/**
 * Judges each request by its head alone: what is refused here has not been read, so nothing of it
 * can be half taken. Registered before everything else, so that a flood costs little.
 */
export function admitRequests(
  app: FastifyInstance,
  context: ServerContext,
  capacity: Capacity,
): Admission {
  const requests = new Gate(capacity.requests, 'requests');
  const bodies = new Gate(capacity.bodyBytes, 'bytes of requests');
  app.addHook('onRequest', async (request, reply) => {
    // Whoever asks how the server does is answered whatever it does.
    if (request.routeOptions.url === '/v1/health') return;
    const { waitingCount } = context.pool;
    if (waitingCount >= capacity.questions) {
      throw new Problem('server.busy', 'too many questions wait for the database; come back');
    }
    whenOver(reply, requests.enter());
    whenOver(reply, bodies.enter(heldBytes(request)));
    if (recordsFacts(request) && !context.hasRoom()) throw noRoom();
  });
  return {
    streams: new Gate(capacity.streams, 'screens that listen'),
    passwords: new Gate(capacity.passwords, 'people who sign in'),
    imports: new Gate(capacity.imports, 'imports'),
    sheets: new Gate(capacity.sheets, 'sheets of labels'),
    trends: new Gate(capacity.trends, 'trends'),
  };
}

/** Calls back, perhaps twice, when an answer has been written or its line has broken. */
export function whenOver({ raw }: FastifyReply, leave: () => void): void {
  raw.once('finish', leave);
  raw.once('close', leave);
}

/** What of a body is held in memory. Files are streamed; a body of unknown length may be full. */
function heldBytes({ headers, routeOptions }: FastifyRequest): number {
  const { bodyLimit } = routeOptions;
  if (bodyLimit > limits.requestBodyBytesMax) return 0;
  if (headers['transfer-encoding'] !== undefined) return bodyLimit;
  const told = Number(headers['content-length'] ?? 0);
  // A body over the limit is refused by its length and never held.
  return told > bodyLimit ? 0 : told;
}

/** Signing in and out goes on: whoever makes room wants to see that it helped. */
function recordsFacts({ method, routeOptions: { url = '' } }: FastifyRequest): boolean {
  if (method === 'GET' || method === 'HEAD' || method === 'OPTIONS') return false;
  return !url.startsWith('/v1/sessions') && url !== '/v1/clock';
}
