import type { LamportClock } from './city-facts.ts';
import type { Tokens } from './city-staff.ts';
import { Latencies, type LatencySummary } from './measure.ts';
import type { LineReply, Lines } from './line.ts';

interface Answer {
  readonly accepted: readonly unknown[];
  readonly known: readonly unknown[];
  readonly refused: readonly { readonly code: string; readonly detail: string }[];
  readonly lamport: number;
}

/** What the requests of a run came to. */
export interface DeskReport {
  readonly requests: { readonly [kind: string]: LatencySummary };
  readonly factsAccepted: number;
  /** Facts that were on record already, after a request had to be sent again. */
  readonly factsKnown: number;
  readonly actsDone: number;
  /** Requests that a busy server asked to come back with. */
  readonly pushedBack: number;
  /** What went wrong, by code, and the first words about it. */
  readonly errors: { readonly [code: string]: number };
  readonly firstErrors: readonly string[];
}

/** A broken connection or a busy server is met so often before it counts as an error. */
const attemptsMax = 200;

/** Sends what devices and people have to say, and keeps count of what became of it. */
export class Desk {
  readonly #lines: Lines;
  readonly #tokens: Tokens;
  readonly #clock: LamportClock;
  readonly #latencies = new Map<string, Latencies>();
  readonly #errors = new Map<string, number>();
  readonly #firstErrors: string[] = [];
  #accepted = 0;
  #known = 0;
  #acts = 0;
  #pushedBack = 0;

  constructor(lines: Lines, tokens: Tokens, clock: LamportClock) {
    this.#lines = lines;
    this.#tokens = tokens;
    this.#clock = clock;
  }

  /** Sends facts as one batch and waits until they are on record. */
  async send(kind: string, account: string, facts: readonly string[]): Promise<void> {
    if (facts.length === 0) return;
    const reply = await this.#post(kind, account, {
      path: '/v1/facts',
      json: `{"facts":[${facts.join(',')}]}`,
    });
    if (reply === null) return;
    const { accepted, known, refused, lamport } = JSON.parse(reply.text) as Answer;
    this.#accepted += accepted.length;
    this.#known += known.length;
    for (const { code, detail } of refused) this.fail(code, `${kind}: ${detail}`);
    if (accepted.length + known.length + refused.length !== facts.length) {
      this.fail('bench.facts-unanswered', `${kind}: ${reply.text.slice(0, 200)}`);
    }
    this.#clock.value = Math.max(this.#clock.value, lamport);
  }

  /** Sends facts in batches of at most so many, all at once. */
  async sendAll(
    kind: string,
    account: string,
    { facts, batch }: { readonly facts: readonly string[]; readonly batch: number },
  ): Promise<void> {
    const parts = Array.from({ length: Math.ceil(facts.length / batch) }, (_, part) =>
      this.send(kind, account, facts.slice(part * batch, (part + 1) * batch)),
    );
    await Promise.all(parts);
  }

  /** Does an act; `actId` makes it once however often it is sent. */
  async act(name: string, account: string, actId: string, body: object): Promise<void> {
    const json = JSON.stringify({ actId, act: body });
    const path = `/v1/acts/${name.replace('.', '/')}`;
    if ((await this.#post(name, account, { path, json })) !== null) this.#acts += 1;
  }

  /** Counts something that went wrong. */
  fail(code: string, detail: string): void {
    this.#errors.set(code, (this.#errors.get(code) ?? 0) + 1);
    if (this.#firstErrors.length < 10) this.#firstErrors.push(`${code}: ${detail}`);
  }

  report(): DeskReport {
    return {
      requests: Object.fromEntries(
        [...this.#latencies].map(([kind, latencies]) => [kind, latencies.summary()]),
      ),
      factsAccepted: this.#accepted,
      factsKnown: this.#known,
      actsDone: this.#acts,
      pushedBack: this.#pushedBack,
      errors: Object.fromEntries(this.#errors),
      firstErrors: this.#firstErrors,
    };
  }

  /** The reply with status 200; null when it could not be had, which is counted. */
  async #post(
    kind: string,
    account: string,
    { path, json }: { readonly path: string; readonly json: string },
  ): Promise<LineReply | null> {
    const token = this.#tokens[account] ?? '';
    for (let attempt = 1; ; attempt++) {
      const outcome = await this.#lines.post(path, token, json).catch((error: Error) => error);
      if (!(outcome instanceof Error) && outcome.status === 200) {
        this.#note(kind, outcome.tookMs);
        return outcome;
      }
      const isBusy = outcome instanceof Error || outcome.status === 503;
      if (!isBusy || attempt >= attemptsMax) {
        const told = outcome instanceof Error ? outcome.message : outcome.text.slice(0, 300);
        this.fail(outcome instanceof Error ? 'bench.connection' : codeOf(told), `${kind}: ${told}`);
        return null;
      }
      this.#pushedBack += 1;
      const waitMs = outcome instanceof Error ? 200 : Math.max(100, outcome.retryAfterMs);
      await new Promise((resolve) => setTimeout(resolve, waitMs));
    }
  }

  #note(kind: string, ms: number): void {
    let latencies = this.#latencies.get(kind);
    if (latencies === undefined) this.#latencies.set(kind, (latencies = new Latencies()));
    latencies.add(ms);
  }
}

/** The code of a problem, as far as there is one. */
function codeOf(text: string): string {
  return /"code":"([^"]+)"/.exec(text)?.[1] ?? 'bench.no-problem';
}
