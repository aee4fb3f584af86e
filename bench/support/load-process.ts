// The load generator, in a process of its own: told what to send over its channel, once a turn.
import { deviceKeyHeader, type FactsAnswer } from '../../ledger/wire.ts';
import { type Layout, type Sender, TubeSource } from './ingest-tubes.ts';
import { type Lane, runLoad } from './load.ts';

/** One turn of load on one server. */
export interface Turn {
  readonly port: number;
  readonly layout: Layout;
  readonly senders: readonly Sender[];
  readonly tubesPerRequest: number;
  readonly warmMs: number;
  readonly measureMs: number;
  /** Tubes that each sender has sent to this server before. */
  readonly counts: readonly number[];
}

/** What a turn came to. */
export interface TurnOutcome {
  readonly kind: 'done';
  /** Tubes acknowledged in the measured time, and with those before and after it. */
  readonly tubes: number;
  readonly tubesInAll: number;
  readonly seconds: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly counts: readonly number[];
}

/** What the process says. */
export type Said =
  | TurnOutcome
  | { readonly kind: 'begin' | 'end' }
  | { readonly kind: 'failed'; readonly message: string };

process.on('message', (turn: Turn) => {
  take(turn).then(say, (error: unknown) => say({ kind: 'failed', message: String(error) }));
});

function say(said: Said): void {
  process.send?.(said);
}

async function take(turn: Turn): Promise<TurnOutcome> {
  const { port, layout, senders, tubesPerRequest, warmMs, measureMs } = turn;
  const sources = senders.map((sender, at) => new TubeSource(layout, sender, turn.counts[at] ?? 0));
  const before = sum(sources.map(({ count }) => count));
  const lanes = senders.map((sender, at): Lane => {
    const source = sources[at] as TubeSource;
    return {
      headers:
        `authorization: Bearer ${sender.token}\r\n` +
        `${deviceKeyHeader}: ${sender.key}\r\ncontent-type: application/json\r\n`,
      next: () => source.batch(tubesPerRequest, Date.now()),
      check: (body) => {
        const { accepted, known, refused } = JSON.parse(body) as FactsAnswer;
        if (accepted.length === tubesPerRequest && known.length + refused.length === 0) return;
        throw new Error(`not everything was accepted: ${body.slice(0, 600)}`);
      },
    };
  });
  const mark = (kind: 'begin' | 'end'): void => say({ kind });
  const outcome = await runLoad({ port, path: '/v1/facts', lanes, warmMs, measureMs, mark });
  const { latencies, requests, seconds } = outcome;
  const share = (part: number): number => latencies[Math.floor(part * latencies.length)] ?? 0;
  return {
    kind: 'done',
    tubes: requests * tubesPerRequest,
    tubesInAll: sum(sources.map(({ count }) => count)) - before,
    seconds,
    p50Ms: share(0.5),
    p99Ms: share(0.99),
    counts: sources.map(({ count }) => count),
  };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
