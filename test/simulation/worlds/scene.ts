import type { Random } from '../../../kernel/random.ts';
import type { Fact } from '../../../ledger/fact.ts';
import type { Headquarters } from './headquarters.ts';
import type { Line } from './line.ts';
import type { Hand } from './people.ts';
import type { Phone } from './phone.ts';
import type { Schedule } from './schedule.ts';
import type { Stranger } from './stranger.ts';
import type { Weather } from './weather.ts';

/** Facts that a phone said it had kept and that are no longer on it. */
export interface Gone {
  readonly phone: Phone;
  readonly fact: Fact;
  readonly why: 'lost' | 'restored';
}

/** A world as troubles and checks see it. */
export interface Scene {
  readonly seed: number;
  readonly random: Random;
  readonly schedule: Schedule;
  readonly headquarters: Headquarters;
  readonly line: Line;
  readonly phones: readonly Phone[];
  readonly gone: Gone[];
  /** Every fact that each phone said it had kept, and still should have. */
  readonly kept: Map<Phone, Map<string, Fact>>;
  /** Facts that headquarters must set aside, by what they say, with the code. */
  readonly bad: Map<string, string>;
  readonly stranger: Stranger;
  /** Devices that were restored or copied, so that numbers may be used twice. */
  readonly copied: Set<string>;
  weather: Weather;
  /** Notes something that does not hold. */
  readonly fail: (what: string) => void;
  /** Told when a phone finds nothing left to send. */
  readonly emptied: (phone: Phone) => void;
  /** Notes that a phone said it had kept facts. */
  readonly said: (phone: Phone, facts: readonly Fact[]) => void;
  /** A phone more, with somebody who uses it. */
  readonly addPhone: (phone: Phone, hand: Hand | null) => void;
  readonly handOf: (phone: Phone) => Hand | null;
  /** Something that happens so many times, at drawn moments of the world's span. */
  readonly often: (times: number, deed: () => Promise<void> | undefined | void) => void;
}
