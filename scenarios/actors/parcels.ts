import { assert } from '../../kernel/assert.ts';
import { instant, type Instant } from '../../kernel/instant.ts';
import type { Random } from '../../kernel/random.ts';
import type { Device } from '../outbox.ts';
import { minutesIn, type Tube, type World } from '../world.ts';
import type { Box } from './box.ts';
import type { LaboratoryBench } from './laboratory.ts';
import type { Staff } from './staff.ts';

/** Where boxes are filled: a sampling point, or a town's team that goes from door to door. */
export interface Counter {
  readonly name: string;
  readonly account: string;
  readonly place: string;
  readonly townCode: string;
  /** Minutes from the first tube until the box leaves, full or not. */
  readonly boxMinutesMax: number;
}

interface Filling {
  readonly counter: Counter;
  tubes: Tube[];
  serial: number;
}

/** Boxes tubes, hands boxes to couriers and brings them to laboratories. */
export class Parcels {
  readonly #world: World;
  readonly #staff: Staff;
  readonly #benches: readonly LaboratoryBench[];
  readonly #random: Random;
  readonly #filling = new Map<string, Filling>();
  /** A tube that a sampler put into the next box instead of the one it is listed in. */
  #stray: Tube | null = null;

  constructor(world: World, staff: Staff, benches: readonly LaboratoryBench[]) {
    this.#world = world;
    this.#staff = staff;
    this.#benches = benches;
    this.#random = world.random('parcels');
  }

  /** Lays a sealed tube into the counter's open box. */
  add(counter: Counter, tube: Tube, at: Instant): void {
    const { boxTubesMax } = this.#world.policy.transport;
    let filling = this.#filling.get(counter.name);
    if (filling === undefined) {
      filling = { counter, tubes: [], serial: 0 };
      this.#filling.set(counter.name, filling);
    }
    filling.tubes.push(tube);
    if (filling.tubes.length >= boxTubesMax) this.#seal(filling, at);
    else if (filling.tubes.length === 1) {
      const { serial } = filling;
      const known = filling;
      this.#world.after(at, counter.boxMinutesMax, (later) => {
        // The box may have filled up and gone before its time was over.
        if (known.serial === serial && known.tubes.length > 0) this.#seal(known, later);
      });
    }
  }

  #seal(filling: Filling, at: Instant): void {
    const { outbox } = this.#world;
    const { counter, tubes } = filling;
    filling.tubes = [];
    filling.serial++;
    const box = this.#pack(counter, tubes);
    const holder = `user:${counter.account}`;
    const device = outbox.device(counter.name, counter.account);
    // The last tube was sealed at this very moment; the lid follows a breath later.
    const sealedAt = instant(at + 1);
    outbox.record(device, sealedAt, {
      kind: 'custody.box-sealed',
      subject: `box:${box.label}`,
      place: counter.place,
      body: {
        tubes: tubes.map(({ label }) => label),
        from: holder,
        earliestTubeAt: Math.min(...tubes.map((tube) => tube.sealedAt)),
      },
    });
    const minutes = minutesIn(this.#random, this.#world.policy.transport.pickUpMinutes);
    this.#world.after(sealedAt, minutes, (later) => this.#pickUp(box, device, holder, later));
  }

  /** What is really in the box, by the rates of mishaps. */
  #pack(counter: Counter, tubes: readonly Tube[]): Box {
    const random = this.#random;
    const policy = this.#world.policy.transport;
    const inside: Tube[] = [];
    const broken: Tube[] = [];
    // Never one that is sealed into this very box, nor one that was given up for lost.
    if (this.#stray !== null && !tubes.includes(this.#stray)) {
      if (!this.#world.lost.has(this.#stray.label)) {
        inside.push(this.#stray);
        this.#world.strays.add(this.#stray.label);
      }
      this.#stray = null;
    }
    for (const tube of tubes) {
      const dice = random.unit();
      if (dice < policy.missingTubeShare) continue;
      if (dice < policy.missingTubeShare + policy.brokenTubeShare) broken.push(tube);
      else if (dice < stray(policy) && this.#stray === null) this.#stray = tube;
      else inside.push(tube);
    }
    const warm = random.chance(policy.warmBoxShare);
    const label = this.#world.label('B');
    return { label, place: counter.place, sealed: tubes, inside, broken, warm };
  }

  #pickUp(box: Box, giver: Device, from: string, at: Instant): void {
    const random = this.#random;
    const { driveMinutes, relayShare } = this.#world.policy.transport;
    const courier = random.pick(this.#staff.couriers);
    this.#handOver(box, { leg: 1, device: giver, from, to: `user:${courier}` }, at);
    const laboratory = this.#nearest();
    const minutes = minutesIn(random, driveMinutes);
    if (!random.chance(relayShare)) {
      this.#world.after(at, minutes, (later) => laboratory.deliver(box, later));
      return;
    }
    // A second courier takes over on the way.
    const second = random.pick(this.#staff.couriers.filter((name) => name !== courier));
    const device = this.#world.outbox.device(courier, courier);
    this.#world.after(at, minutes / 2, (later) => {
      const leg = { leg: 2, device, from: `user:${courier}`, to: `user:${second}` };
      this.#handOver(box, leg, later);
      this.#world.after(later, minutes / 2, (end) => laboratory.deliver(box, end));
    });
  }

  #handOver(
    box: Box,
    { leg, device, from, to }: { leg: number; device: Device; from: string; to: string },
    at: Instant,
  ): void {
    this.#world.outbox.record(device, at, {
      kind: 'custody.box-handed-over',
      subject: `box:${box.label}`,
      place: box.place,
      body: { leg, from, to },
    });
  }

  /** The laboratory with the fewest tubes waiting: dispatch sends boxes where they are tested. */
  #nearest(): LaboratoryBench {
    let best: LaboratoryBench | undefined;
    for (const bench of this.#benches) {
      if (best === undefined || bench.load < best.load) best = bench;
    }
    assert(best !== undefined, 'there is a laboratory');
    return best;
  }
}

function stray(policy: World['policy']['transport']): number {
  return policy.missingTubeShare + policy.brokenTubeShare + policy.strayTubeShare;
}
