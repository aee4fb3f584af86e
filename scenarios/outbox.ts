import type { Json } from '../kernel/assert.ts';
import type { Instant } from '../kernel/instant.ts';
import type { Random } from '../kernel/random.ts';
import type { FactDraft, FactEnvelope } from '../ledger/fact.ts';
import type { ActAnswer, Session } from './client.ts';

/** Something in somebody's hands that records facts, in the name of one account. */
export interface Device {
  readonly id: string;
  readonly account: string;
  /** Numbers given out so far. */
  seq: number;
}

/** Something done at a desk. `key` makes its id, so it must say which act this is. */
export interface DeskAct {
  readonly account: string;
  readonly room: string;
  readonly act: string;
  readonly key: string;
  readonly at: Instant;
  readonly body: { readonly [k: string]: Json };
  /** Acts of one chain are sent one after another; others side by side. */
  readonly chain?: string;
  /** Refusals that are part of the story and not counted as trouble. */
  readonly expected?: readonly string[];
}

/** What came back, counted. */
export interface Tally {
  facts: number;
  factsKnown: number;
  acts: number;
  readonly refusals: Map<string, number>;
  /** The first few refusals in words. */
  readonly examples: string[];
}

export interface OutboxOptions {
  readonly session: (account: string) => Promise<Session>;
  /** Distinguishes the ids of this run from those of any other. */
  readonly tag: string;
  readonly random: Random;
  /** Nothing is recorded before. */
  readonly startsAt: Instant;
  /** Share of batches that are sent twice, as a device does whose answer got lost. */
  readonly doubledShare: number;
}

interface WaitingAct {
  readonly act: DeskAct;
  readonly answered: (answer: ActAnswer) => void;
}

/** Anything else to be sent or asked in an account's name. */
export interface Errand<T> {
  readonly account: string;
  readonly run: (session: Session) => Promise<T>;
  readonly answered: (outcome: T) => void;
}

const factsPerBatch = 250;
const requestsAtOnce = 12;
const examplesMax = 20;

/**
 * Everything recorded and not yet sent. Ids are made when something is recorded, never when it
 * is sent, so that sending again is the same fact.
 */
export class Outbox {
  readonly tally: Tally = { facts: 0, factsKnown: 0, acts: 0, refusals: new Map(), examples: [] };
  readonly #options: OutboxOptions;
  readonly #facts = new Map<string, FactEnvelope[]>();
  #acts: WaitingAct[] = [];
  #errands: Errand<unknown>[] = [];
  readonly #devices = new Map<string, Device>();
  /**
   * Added to the device clock in milliseconds to make Lamport numbers, so that of two facts the
   * one that happened later has the greater number (as in a hybrid logical clock, Kulkarni et al.
   * 2014). Counted from the start of the run, as headquarters takes no number far beyond its own;
   * after each flush it is raised until every device is beyond what the server has seen.
   */
  #drift: number;
  #greatest = 0;

  constructor(options: OutboxOptions) {
    this.#options = options;
    this.#drift = 1 - options.startsAt;
  }

  get isEmpty(): boolean {
    return this.#facts.size + this.#acts.length + this.#errands.length === 0;
  }

  /** The device of that name, made on first use. */
  device(name: string, account: string): Device {
    const known = this.#devices.get(name);
    if (known !== undefined) return known;
    const device: Device = { id: `${this.#options.tag}-${name}`, account, seq: 0 };
    this.#devices.set(name, device);
    return device;
  }

  /** Records a fact on a device; it is sent at the next flush. */
  record(device: Device, at: Instant, draft: FactDraft): void {
    device.seq++;
    const lamport = at + this.#drift;
    const envelope: FactEnvelope = {
      id: `${device.id}-${device.seq}`,
      deviceId: device.id,
      deviceSeq: device.seq,
      lamport,
      at,
      ...draft,
    };
    const list = this.#facts.get(device.account);
    if (list === undefined) this.#facts.set(device.account, [envelope]);
    else list.push(envelope);
  }

  /** Acts at a desk at the next flush; `answered` learns what became of it. */
  act(act: DeskAct, answered: (answer: ActAnswer) => void = () => {}): void {
    this.#acts.push({ act, answered });
  }

  /** Does an errand at the next flush, after all that was recorded and acted. */
  ask<T>(errand: Errand<T>): void {
    // That run and answered belong together cannot be said of each entry of a list.
    this.#errands.push(errand as Errand<unknown>);
  }

  /** Sends all that was recorded and done up to a time: facts, then acts, then errands. */
  async flush(until: Instant): Promise<void> {
    await this.#flushFacts();
    const acts = this.#acts;
    this.#acts = [];
    await this.#flushActs(acts);
    const errands = this.#errands;
    this.#errands = [];
    const outcomes: unknown[] = [];
    await sideBySide([...errands.entries()], async ([index, { account, run }]) => {
      outcomes[index] = await run(await this.#options.session(account));
    });
    errands.forEach(({ answered }, index) => answered(outcomes[index]));
    this.#drift = Math.max(this.#drift, this.#greatest + 1 - until);
  }

  async #flushFacts(): Promise<void> {
    const batches: { account: string; facts: FactEnvelope[] }[] = [];
    for (const [account, facts] of this.#facts) {
      for (let start = 0; start < facts.length; start += factsPerBatch) {
        batches.push({ account, facts: facts.slice(start, start + factsPerBatch) });
      }
    }
    this.#facts.clear();
    const { random, doubledShare } = this.#options;
    for (const batch of [...batches]) if (random.chance(doubledShare)) batches.push(batch);
    // Batches overtake each other on the road; the order on record must not depend on it.
    random.shuffle(batches);
    await sideBySide(batches, async ({ account, facts }) => {
      const session = await this.#options.session(account);
      const answer = await session.postFacts(facts);
      this.tally.facts += answer.accepted.length;
      this.tally.factsKnown += answer.known.length;
      this.#greatest = Math.max(this.#greatest, answer.lamport);
      for (const { id, code, where, detail } of answer.refused) {
        const kind = facts.find((fact) => fact.id === id)?.kind;
        this.#note(code, `${kind} ${id}: ${where ?? ''} ${detail ?? ''}`);
      }
    });
  }

  async #flushActs(acts: readonly WaitingAct[]): Promise<void> {
    const chains = new Map<string, { act: DeskAct; index: number }[]>();
    acts.forEach(({ act }, index) => {
      const chain = act.chain ?? `${act.act}-${act.key}`;
      const list = chains.get(chain);
      if (list === undefined) chains.set(chain, [{ act, index }]);
      else list.push({ act, index });
    });
    const answers: ActAnswer[] = [];
    await sideBySide([...chains.values()], async (chain) => {
      for (const { act, index } of chain) answers[index] = await this.#send(act);
    });
    // In the order in which they were planned, so that what follows does not depend on the road.
    acts.forEach(({ answered }, index) => {
      const answer = answers[index];
      if (answer !== undefined) answered(answer);
    });
  }

  async #send({ account, room, act, key, at, body, expected }: DeskAct): Promise<ActAnswer> {
    const session = await this.#options.session(account);
    const actId = `${this.#options.tag}-${act}-${key}`.replace(/[^A-Za-z0-9-]/g, '-').slice(0, 64);
    const answer = await session.act({ room, act, actId, at, body });
    if (answer.done) {
      this.tally.acts++;
      for (const { lamport } of answer.facts) this.#greatest = Math.max(this.#greatest, lamport);
    } else if (expected?.includes(answer.code) !== true)
      this.#note(answer.code, `${room}/${act} ${key}: ${answer.detail}`);
    return answer;
  }

  #note(code: string, example: string): void {
    const { refusals, examples } = this.tally;
    refusals.set(code, (refusals.get(code) ?? 0) + 1);
    if (examples.length < examplesMax) examples.push(`${code} ${example}`);
  }
}

/** Runs the work over the items, several at once; stops at the first failure. */
export async function sideBySide<T>(
  items: readonly T[],
  work: (item: T) => Promise<void>,
  atOnce = requestsAtOnce,
): Promise<void> {
  let next = 0;
  const lane = async (): Promise<void> => {
    while (next < items.length) {
      const item = items[next++];
      if (item !== undefined) await work(item);
    }
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, items.length) }, lane));
}
