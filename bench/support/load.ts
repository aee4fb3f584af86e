import { connect, type Socket } from 'node:net';

/** One connection's part of a load: whom it asks, and what it sends next. */
export interface Lane {
  /** Header lines that are the same in every request, each with its end of line. */
  readonly headers: string;
  /** The body of the next request; called once the answer before it has come. */
  readonly next: () => string;
  /** Throws unless the answer takes everything that was sent. */
  readonly check: (body: string) => void;
}

/** What a load is sent to, and for how long. */
export interface LoadOptions {
  readonly port: number;
  readonly path: string;
  readonly lanes: readonly Lane[];
  readonly warmMs: number;
  readonly measureMs: number;
  /** Called when the measured time begins, and when it is over. */
  readonly mark: (moment: 'begin' | 'end') => void;
}

/** What came back. Every request that was sent has been answered. */
export interface LoadOutcome {
  /** Requests answered within the measured time. */
  readonly requests: number;
  readonly seconds: number;
  /** Round trips within the measured time, in milliseconds, ascending. */
  readonly latencies: Float64Array;
}

/**
 * Keeps one request in flight on each connection until the time is over, then waits for the
 * answers that are still to come. Bare sockets: a client of HTTP costs several times as much
 * processor time as what it measures. The first answer that is not 200 fails the load.
 */
export async function runLoad(options: LoadOptions): Promise<LoadOutcome> {
  const { lanes, port, path, warmMs, measureMs, mark } = options;
  const state: State = { ending: false, measuring: false, latencies: [] };
  const timers: NodeJS.Timeout[] = [];
  const wires = await Promise.all(lanes.map(() => open(port)));
  let began = performance.now();
  let ended = began;
  timers.push(
    setTimeout(() => {
      began = performance.now();
      state.measuring = true;
      mark('begin');
    }, warmMs),
    setTimeout(() => {
      ended = performance.now();
      state.measuring = false;
      state.ending = true;
      mark('end');
    }, warmMs + measureMs),
  );
  try {
    await Promise.all(
      wires.map((wire, at) => drive(wire, { lane: lanes[at] as Lane, path, state })),
    );
  } finally {
    for (const timer of timers) clearTimeout(timer);
    for (const { socket } of wires) socket.destroy();
  }
  const latencies = Float64Array.from(state.latencies).sort();
  return { requests: latencies.length, seconds: (ended - began) / 1000, latencies };
}

interface State {
  ending: boolean;
  measuring: boolean;
  readonly latencies: number[];
}

/** A connection, and who is told what comes in on it. */
interface Wire {
  readonly socket: Socket;
  hear: (chunk: string) => void;
}

function open(port: number): Promise<Wire> {
  return new Promise((resolve, reject) => {
    // Read into one buffer of its own, with no stream and no decoder in between.
    const onread = {
      buffer: Buffer.alloc(65_536),
      callback: (bytes: number, buffer: Uint8Array): boolean => {
        wire.hear((buffer as Buffer).toString('latin1', 0, bytes));
        return true;
      },
    };
    const socket = connect({ port, host: '127.0.0.1', noDelay: true, onread });
    const wire: Wire = { socket, hear: () => undefined };
    socket.once('connect', () => resolve(wire));
    socket.once('error', reject);
  });
}

/** Sends on one connection, one request after the answer to the one before. */
function drive(
  wire: Wire,
  { lane, path, state }: { lane: Lane; path: string; state: State },
): Promise<void> {
  return new Promise((resolve, reject) => {
    const head = `POST ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\n${lane.headers}content-length: `;
    let heard = '';
    let sent = 0;
    const send = (): void => {
      const body = lane.next();
      sent = performance.now();
      // Bodies are ASCII, so characters are bytes.
      wire.socket.write(`${head}${body.length}\r\n\r\n${body}`, 'latin1');
    };
    const hear = (chunk: string): void => {
      heard = heard === '' ? chunk : heard + chunk;
      const body = wholeBody(heard);
      if (body === null) return;
      if (state.measuring) state.latencies.push(performance.now() - sent);
      if (!heard.startsWith('HTTP/1.1 200')) throw new Error(`answered ${heard.slice(0, 600)}`);
      heard = '';
      lane.check(body);
      if (state.ending) resolve();
      else send();
    };
    wire.hear = (chunk) => {
      try {
        hear(chunk);
      } catch (error) {
        reject(error instanceof Error ? error : new Error(String(error)));
      }
    };
    wire.socket.once('error', reject);
    wire.socket.once('close', () => reject(new Error('the server closed a connection')));
    send();
  });
}

const lengthMark = 'content-length: ';

/** The body once it is complete; null until then. The server sends no chunks to these routes. */
function wholeBody(heard: string): string | null {
  const end = heard.indexOf('\r\n\r\n');
  if (end < 0) return null;
  const at = heard.indexOf(lengthMark);
  if (at < 0 || at > end) throw new Error(`an answer without its length: ${heard.slice(0, end)}`);
  const length = Number.parseInt(heard.slice(at + lengthMark.length, at + 30), 10);
  return heard.length >= end + 4 + length ? heard.slice(end + 4) : null;
}
