import type { Json } from '../../../kernel/assert.ts';
import { hourMs } from '../../../kernel/instant.ts';
import type { Random } from '../../../kernel/random.ts';
import { roles } from '../../../ledger/room.ts';
import { actorOf, communities, dawn, district, personsCount } from './ground.ts';
import type { Headquarters } from './headquarters.ts';

const actor = actorOf('desk', roles);
const unitsCount = 3;

/** The desks of headquarters: the round, the beds, the patients who need one. */
export class Desks {
  readonly #random: Random;
  readonly #headquarters: Headquarters;
  #serial: number;

  constructor(
    { random, headquarters }: { random: Random; headquarters: Headquarters },
    firstSerial = 0,
  ) {
    this.#random = random;
    this.#headquarters = headquarters;
    this.#serial = firstSerial;
  }

  /** Before anybody works: one round over the district, three small units. */
  async begin(spanMs: number): Promise<void> {
    await this.#act('screening.open-round', {
      round: 'R1',
      place: district,
      label: { en: 'Round 1', zh: '第一轮' },
      areas: [district],
      group: null,
      poolSize: 10,
      startsAt: dawn,
      endsAt: dawn + spanMs + hourMs,
    });
    for (let unit = 1; unit <= unitsCount; unit++) {
      await this.#act('capacity.declare-unit', {
        unit: `U${unit}`,
        place: district,
        facility: `F${unit}`,
        bedKind: 'isolation',
        beds: unit,
        label: { zh: '区', en: 'Unit' },
      });
    }
  }

  /** One thing that somebody at a desk does. Refusals are part of the day. */
  async work(): Promise<void> {
    const random = this.#random;
    const transfer = `X${random.between(1, 9)}`;
    const unit = `U${random.between(1, unitsCount)}`;
    const person = random.between(1, personsCount);
    const promise = `${transfer}.${person % 9}.1`;
    const wanted: [string, Json] = random.pick([
      ['transfer.request', { transfer, persons: [person % 9 || 9], ...asked }],
      ['transfer.promise-place', { transfer, unit }],
      ['transfer.promise-place', { transfer, unit }],
      ['transfer.promise-place', { transfer, unit, bed: 1 }],
      ['transfer.release-promise', { transfer, promise, reason: 'expired' }],
      ['admission.admit', { stay: `S${random.between(1, 9)}`, person: person % 9 || 9, unit }],
      ['admission.step', { stay: `S${random.between(1, 9)}`, unit, direction: 'across' }],
      ['admission.record-death', { stay: `S${random.between(1, 9)}` }],
    ]);
    await this.#act(...wanted);
  }

  async #act(name: string, act: Json): Promise<void> {
    this.#serial += 1;
    const actId = `desk-act-${String(this.#serial).padStart(4, '0')}`;
    await this.#headquarters.act(actor, actId, { name, act });
  }
}

const asked = {
  from: communities[0],
  priority: 'today',
  reason: 'contact',
  destinationKind: 'isolation',
};
