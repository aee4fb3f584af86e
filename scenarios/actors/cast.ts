import { addDays, type Day } from '../../kernel/day.ts';
import type { Instant } from '../../kernel/instant.ts';
import type { World } from '../world.ts';
import { Community } from './community.ts';
import { Dispatch } from './dispatch.ts';
import { Headquarters } from './headquarters.ts';
import { LaboratoryBench } from './laboratory.ts';
import { Parcels } from './parcels.ts';
import { Samplers } from './sampling.ts';
import type { Staff } from './staff.ts';
import { Wards } from './wards.ts';

/** Everybody who acts, and how they are tied to each other. */
export class Cast {
  readonly headquarters: Headquarters;
  readonly #world: World;
  readonly #community: Community;
  readonly #dispatch: Dispatch;
  readonly #wards: Wards;

  constructor(world: World, staff: Staff) {
    this.#world = world;
    const benches = staff.laboratories.map((point) => new LaboratoryBench(world, point));
    const parcels = new Parcels(world, staff, benches);
    const samplers = new Samplers(world, staff, parcels);
    this.headquarters = new Headquarters(world, staff, samplers);
    this.#wards = new Wards(world, staff.facilities, (person) => this.#dispatch.forget(person));
    this.#dispatch = new Dispatch(world, {
      staff,
      facilities: staff.facilities,
      arrived: (arrival, at) => this.#wards.arrive(arrival, at),
    });
    this.#community = new Community(world, { staff, samplers, dispatch: this.#dispatch });
  }

  /** Brings units and vehicles into being and opens the first round, whose roster is read. */
  open(first: Day, at: Instant): void {
    this.#wards.declareUnits(at);
    this.#dispatch.registerVehicles(at);
    this.headquarters.openRound(first, at);
    this.#community.useRound(this.headquarters.roundOf(first));
  }

  /** After a time nothing new is begun, so that the links can empty. */
  startNothingAfter(at: Instant): void {
    this.#community.startNothingAfter(at);
  }

  /** Plans all days. */
  plan(first: Day, days: number, at: Instant): void {
    for (let index = 0; index < days; index++) {
      const day = addDays(first, index);
      const opensAt = this.#world.at(day, this.#world.policy.sampling.opensHour - 0.5);
      if (index > 0) {
        this.#world.queue.plan(opensAt, (later) => this.headquarters.openRound(day, later));
        this.#world.queue.plan(opensAt, () =>
          this.#community.useRound(this.headquarters.roundOf(day)),
        );
      }
      this.headquarters.planDay(day);
    }
    this.#community.watch(at);
    this.#wards.count(at);
  }
}
