import { hourMs, instant, type Instant } from '../../kernel/instant.ts';
import type { World } from '../world.ts';
import type { Arrival } from './dispatch.ts';
import type { Facility, Unit } from './facilities.ts';

/** Fangcang, hospitals and isolation sites: counts of beds, admission, care, discharge. */
export class Wards {
  readonly #world: World;
  readonly #facilities: readonly Facility[];

  constructor(world: World, facilities: readonly Facility[]) {
    this.#world = world;
    this.#facilities = facilities;
  }

  /** Declares every unit; declared again it stays what it is. */
  declareUnits(at: Instant): void {
    const { outbox, scenario } = this.#world;
    for (const { id: facility, account, units } of this.#facilities) {
      for (const { id, bedKind, beds, label } of units) {
        const body = { unit: id, place: scenario.root, facility, bedKind, beds, label };
        outbox.act({ account, room: 'capacity', act: 'declare-unit', key: id, at, body });
      }
    }
  }

  /** Counts the beds now and again before the count is too old to be believed. */
  count(at: Instant): void {
    const { outbox, queue, scenario, policy } = this.#world;
    for (const { account, units } of this.#facilities) {
      const device = outbox.device(account, account);
      for (const unit of units) {
        outbox.record(device, at, {
          kind: 'capacity.count-reported',
          subject: `unit:${unit.id}`,
          place: scenario.root,
          body: { occupied: unit.occupied, free: unit.beds - unit.occupied, outOfService: 0 },
        });
      }
    }
    const next = instant(at + policy.wards.countEveryHours * hourMs);
    queue.planCare(next, (later) => this.count(later));
  }

  /** People are at the door, each with a bed promised. */
  arrive({ people, unit }: Arrival, _at: Instant): void {
    for (const person of people) this.#world.standings.set(person, 'in-care');
    this.#occupy(unit, people.length);
  }

  #occupy(unit: Unit, by: number): void {
    unit.occupied += by;
  }
}
