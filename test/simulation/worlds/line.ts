import type { PostOutcome } from '../../../adapters/device/sync.ts';
import { minuteMs } from '../../../kernel/instant.ts';
import type { Random } from '../../../kernel/random.ts';
import type { Actor } from '../../../ledger/access.ts';
import type { FactsRequest } from '../../../ledger/wire.ts';
import type { Headquarters, Reply } from './headquarters.ts';
import type { Schedule } from './schedule.ts';
import type { Watch } from './watch.ts';
import type { Weather } from './weather.ts';

/** Who is at the other end of the line. */
interface Caller {
  readonly actor: Actor;
  readonly watch: Watch;
  readonly isOffline: boolean;
}

interface LineWorld {
  readonly schedule: Schedule;
  readonly random: Random;
  readonly headquarters: Headquarters;
  weather: Weather;
}

/** The network between the phones and headquarters, with everything that it may do to a batch. */
export class Line {
  readonly #world: LineWorld;

  constructor(world: LineWorld) {
    this.#world = world;
  }

  /** Sends a batch and brings back what came of it, if anything does. */
  async post(phone: Caller, request: FactsRequest, signal: AbortSignal): Promise<PostOutcome> {
    phone.watch.posting(request, signal);
    try {
      const outcome = await this.#carry(phone, request, signal);
      phone.watch.posted(outcome, signal);
      return outcome;
    } catch (error) {
      phone.watch.unanswered(signal);
      throw error;
    }
  }

  async #carry(phone: Caller, request: FactsRequest, signal: AbortSignal): Promise<PostOutcome> {
    const { schedule, random, weather, headquarters } = this.#world;
    await schedule.pause(random.between(10, 300));
    if (phone.isOffline) return this.#lose(signal);
    if (weather.lineFacts > 0 && request.facts.length > weather.lineFacts) return hang(signal);
    if (random.chance(weather.captive)) return { kind: 'answered', body: '<html>sign in</html>' };
    if (random.chance(weather.requestLost)) return this.#lose(signal);
    // What arrives is a copy: nobody at the other end holds the phone's own objects.
    const arrived = structuredClone(request);
    if (random.chance(weather.doubled)) {
      schedule.after(random.between(10, 20 * minuteMs), () => {
        void headquarters.facts(phone.actor, structuredClone(request));
      });
    }
    if (random.chance(weather.delayed)) await schedule.pause(random.between(1_000, 10 * minuteMs));
    const reply = await headquarters.facts(phone.actor, arrived);
    await schedule.pause(random.between(10, 300));
    if (reply === null || random.chance(weather.answerLost)) return this.#lose(signal);
    return outcomeOf(reply);
  }

  /** Either the phone is told at once that nothing came back, or it waits for ever. */
  #lose(signal: AbortSignal): Promise<PostOutcome> {
    if (this.#world.random.chance(0.5)) return hang(signal);
    return Promise.reject(new TypeError('Failed to fetch'));
  }
}

function hang(signal: AbortSignal): Promise<PostOutcome> {
  const { promise, reject } = Promise.withResolvers<PostOutcome>();
  const end = (): void => reject(new TypeError('The operation was aborted'));
  if (signal.aborted) end();
  else signal.addEventListener('abort', end, { once: true });
  return promise;
}

function outcomeOf(reply: Exclude<Reply, null>): PostOutcome {
  if ('body' in reply) return { kind: 'answered', body: structuredClone(reply.body) };
  const { status, code, retryAfterMs } = reply;
  const failure = { status, timedOut: false, code, detail: '', retryAfterMs };
  return { kind: 'failed', failure };
}
