import type { Json } from '../../../kernel/assert.ts';
import type { Random } from '../../../kernel/random.ts';
import type { FactEnvelope } from '../../../ledger/fact.ts';
import { actorOf, communities, dawn } from './ground.ts';
import type { Headquarters } from './headquarters.ts';

const actor = actorOf('stranger', ['sampler'], communities[0]);

type Spoil = (fact: FactEnvelope) => FactEnvelope;

/** Ways in which an item may not be taken, with the code that says so. */
const spoils: { readonly [code: string]: readonly Spoil[] } = {
  'ledger.malformed-fact': [
    (fact) => ({ ...fact, at: -1 }),
    (fact) => ({ ...fact, lamport: 0 }),
    (fact) => ({ ...fact, deviceId: '/' }),
  ],
  'ledger.unknown-kind': [(fact) => ({ ...fact, kind: 'screening.tube-blessed' })],
  'ledger.wrong-subject': [(fact) => ({ ...fact, subject: 'box:BOX-1' })],
  'ledger.malformed-subject': [(fact) => ({ ...fact, subject: 'tube:t' })],
  'ledger.malformed-body': [(fact) => ({ ...fact, body: { reason: 'leaked', mood: 'fine' } })],
  'places.unknown-place': [(fact) => ({ ...fact, place: 'nowhere' })],
  'access.not-permitted': [
    (fact) => ({ ...fact, place: communities[1] }),
    (fact) => ({ ...fact, kind: 'custody.box-received', subject: 'box:BOX-2', body: received }),
    (fact) => ({ ...fact, kind: 'capacity.place-promised', subject: 'unit:U1', body: promised }),
  ],
  'ledger.reserved-id': [(fact) => ({ ...fact, id: `d.${fact.id}` })],
};

const received: Json = {
  laboratory: 'LAB1',
  present: [],
  missing: [],
  extra: [],
  broken: [],
  warm: false,
};
const promised: Json = { promise: 'X1.1.1', transfer: 'X1', person: 1, bed: 1, until: dawn };

/** Another program that writes facts: good and bad ones in one batch, told apart by the answer. */
export class Stranger {
  /** Ids that must never go on record. */
  readonly bad = new Set<string>();
  readonly #random: Random;
  readonly #headquarters: Headquarters;
  readonly #fail: (what: string) => void;
  #serial = 0;

  constructor(world: { random: Random; headquarters: Headquarters; fail: (what: string) => void }) {
    this.#random = world.random;
    this.#headquarters = world.headquarters;
    this.#fail = world.fail;
  }

  /** Sends one batch and reads what became of each item. */
  async send(): Promise<void> {
    const codes = this.#random.shuffle(Object.keys(spoils)).slice(0, 2);
    const expected = new Map<string, string | null>();
    const facts = [...codes, null].map((code) => {
      const fact = this.#make(code);
      expected.set(fact.id, code);
      return fact;
    });
    const reply = await this.#headquarters.facts(actor, { facts });
    if (reply === null || !('body' in reply)) return;
    const { refused, accepted } = reply.body as unknown as Told; // what our own server just built
    for (const { id, code } of refused) {
      const wanted = expected.get(id);
      if (wanted === undefined || code !== wanted) this.#fail(`L9: ${id} is set aside as ${code}`);
    }
    for (const { id } of accepted) {
      if (expected.get(id) !== null) this.#fail(`L9: ${id} is accepted, ${expected.get(id)}`);
    }
  }

  #make(code: string | null): FactEnvelope {
    this.#serial += 1;
    const good: FactEnvelope = {
      id: `stranger-${String(this.#serial).padStart(6, '0')}`,
      kind: 'screening.tube-voided',
      subject: 'tube:STRANGE-1',
      place: communities[0],
      deviceId: 'stranger',
      deviceSeq: this.#serial,
      lamport: this.#serial,
      at: dawn,
      body: { reason: 'leaked' },
    };
    if (code === null) return good;
    const spoiled = this.#random.pick(spoils[code] ?? [])(good);
    this.bad.add(spoiled.id);
    return spoiled;
  }
}

interface Told {
  readonly accepted: readonly { readonly id: string }[];
  readonly refused: readonly { readonly id: string; readonly code: string }[];
}
