import { instant, type Instant, minuteMs } from '../../kernel/instant.ts';
import type { Random } from '../../kernel/random.ts';
import type { Session } from '../client.ts';
import type { Device } from '../outbox.ts';
import { minutesIn, type Tube, type World } from '../world.ts';
import { type Box, busyMs } from './box.ts';
import { readingsOf } from './readings.ts';
import type { LaboratoryPoint } from './staff.ts';

/** A tube at the bench, and the plate on which it failed before. */
interface Specimen {
  readonly tube: Tube;
  readonly since: Instant;
  readonly rerunOf: string | null;
  readonly runs: number;
}

/** Runs after which a tube that never gets a result is given up by whoever plays the bench. */
const runsMax = 6;

interface Plate {
  readonly label: string;
  readonly specimens: readonly Specimen[];
}

type Result = 'negative' | 'positive' | 'grey' | 'invalid';

const rows = 'ABCDEFGH';
/** Wells in the order in which they are filled; the last two hold the controls. */
const wells = Array.from(
  { length: 96 },
  (_, index) => `${rows[index % 8]}${Math.floor(index / 8) + 1}`,
);
const controls = [
  { well: 'G12', control: 'positive' },
  { well: 'H12', control: 'negative' },
] as const;

/** One laboratory: reception, bench, instruments, and a second person who signs. */
export class LaboratoryBench {
  readonly #world: World;
  readonly #point: LaboratoryPoint;
  readonly #random: Random;
  readonly #device: Device;
  readonly #place: string;
  /** Single samples go first: somebody is held until they are read. */
  readonly #urgent: Specimen[] = [];
  readonly #waiting: Specimen[] = [];
  #receptionFreeAt = 0;
  #running = 0;
  #atReception = 0;
  #onPlates = 0;
  /** When somebody will look at the bench next, so that one look is planned, not many. */
  #lookAt = 0;

  constructor(world: World, point: LaboratoryPoint) {
    this.#world = world;
    this.#point = point;
    this.#random = world.random(`laboratory ${point.id}`);
    this.#device = world.outbox.device(point.id, point.bench);
    this.#place = world.scenario.root;
  }

  /** Tubes at reception, at the bench and on plates. */
  get load(): number {
    return this.#atReception + this.#urgent.length + this.#waiting.length + this.#onPlates;
  }

  /** A courier puts a box on the counter. */
  deliver(box: Box, at: Instant): void {
    const count = box.inside.length + box.broken.length;
    this.#atReception += count;
    const urgent = box.sealed.some(({ purpose }) => purpose !== 'round');
    const busy = busyMs(count, this.#point.tubesPerHour);
    // Single samples are taken in at a counter of their own.
    const begun = urgent ? at : Math.max(at, this.#receptionFreeAt);
    if (!urgent) this.#receptionFreeAt = begun + busy;
    this.#world.queue.plan(instant(begun + busy), (later) => this.#receive(box, later));
  }

  #receive(box: Box, at: Instant): void {
    const sealed = new Set(box.sealed);
    const here = new Set([...box.inside, ...box.broken]);
    const missing = box.sealed.filter((tube) => !here.has(tube));
    const extra = box.inside.filter((tube) => !sealed.has(tube));
    const labels = (tubes: readonly Tube[]): string[] => tubes.map(({ label }) => label);
    const celsius = box.warm ? 9 + 8 * this.#random.unit() : 3 + 4 * this.#random.unit();
    this.#world.outbox.record(this.#device, at, {
      kind: 'custody.box-received',
      subject: `box:${box.label}`,
      place: box.place,
      body: {
        laboratory: this.#point.id,
        present: labels(box.inside.filter((tube) => sealed.has(tube))),
        missing: labels(missing),
        extra: labels(extra),
        broken: labels(box.broken),
        warm: box.warm,
        temperatureCelsius: Math.round(celsius * 10) / 10,
      },
    });
    if (missing.length + extra.length > 0) this.#reconcile(box, { missing, extra }, at);
    const minutes = this.#world.policy.laboratory.accessionMinutes;
    this.#world.after(at, minutes, (later) => this.#accession(box, later));
  }

  /** Somebody rings round for what is missing: it fell out and is gone, or lies in another box. */
  #reconcile(box: Box, { missing, extra }: Record<'missing' | 'extra', Tube[]>, at: Instant): void {
    this.#world.after(at, 30 + 60 * this.#random.unit(), (later) => {
      const outcomes = [
        ...missing.map((tube) => ({ tube: tube.label, outcome: this.#giveUp(tube) })),
        ...extra.map(({ label }) => ({ tube: label, outcome: 'accepted' })),
      ];
      const subject = `box:${box.label}`;
      const fact = {
        kind: 'custody.box-reconciled',
        subject,
        place: box.place,
        body: { outcomes },
      };
      this.#world.outbox.record(this.#device, later, fact);
    });
  }

  /** A tube that lies in another box will be tested there; any other is given up. */
  #giveUp(tube: Tube): 'elsewhere' | 'lost' {
    if (this.#world.strays.has(tube.label)) return 'elsewhere';
    this.#world.lost.add(tube.label);
    this.#world.noteSettled(tube);
    return 'lost';
  }

  #accession(box: Box, at: Instant): void {
    this.#atReception -= box.inside.length + box.broken.length;
    for (const tube of box.broken) this.#world.noteSettled(tube);
    if (box.inside.length === 0) return;
    this.#world.outbox.record(this.#device, at, {
      kind: 'laboratory.specimens-accessioned',
      subject: `accession:${this.#world.label('A')}`,
      place: this.#place,
      body: { laboratory: this.#point.id, tubes: box.inside.map(({ label }) => label) },
    });
    for (const tube of box.inside) {
      const queue = tube.purpose === 'round' && tube.poolSize > 1 ? this.#waiting : this.#urgent;
      queue.push({ tube, since: at, rerunOf: null, runs: 0 });
    }
    this.#fill(at);
  }

  /** Loads plates while an instrument is free and a plate is full or its first tube has waited. */
  #fill(at: Instant): void {
    const { wellsPerPlate, plateWaitMinutesMax } = this.#world.policy.laboratory;
    while (this.#running < this.#point.instruments) {
      const count = this.#urgent.length + this.#waiting.length;
      if (count === 0) return;
      const oldest = Math.min(
        this.#urgent[0]?.since ?? Infinity,
        this.#waiting[0]?.since ?? Infinity,
      );
      const patience = this.#urgent.length > 0 ? plateWaitMinutesMax / 2 : plateWaitMinutesMax;
      const readyAt = oldest + patience * minuteMs;
      if (count < wellsPerPlate && at < readyAt) {
        if (this.#lookAt > at && this.#lookAt <= readyAt) return;
        this.#lookAt = readyAt;
        this.#world.queue.plan(instant(readyAt), (later) => this.#fill(later));
        return;
      }
      const urgent = this.#urgent.splice(0, wellsPerPlate);
      const rest = this.#waiting.splice(0, wellsPerPlate - urgent.length);
      this.#loadPlate([...urgent, ...rest], at);
    }
  }

  #loadPlate(specimens: readonly Specimen[], at: Instant): void {
    const plate: Plate = { label: this.#world.label('P'), specimens };
    this.#running++;
    this.#onPlates += specimens.length;
    const filled = specimens.map(({ tube, rerunOf }, index) => ({
      well: wells[index] ?? '',
      tube: tube.label,
      ...(rerunOf === null ? {} : { rerunOf }),
    }));
    const body = {
      plate: plate.label,
      laboratory: this.#point.id,
      place: this.#place,
      wells: filled,
      controls: [...controls],
    };
    this.#act('load-plate', { plate, at, body }, () => {
      const minutes = this.#world.policy.laboratory.runMinutes;
      this.#world.after(at, minutes, (later) => this.#read(plate, later));
    });
  }

  #read(plate: Plate, at: Instant): void {
    this.#running--;
    const { invalidWellShare, failedControlShare } = this.#world.policy.laboratory;
    const random = this.#random;
    const readings = plate.specimens.flatMap(({ tube }, index) => {
      const well = wells[index] ?? '';
      const ct = random.chance(invalidWellShare) ? 'failed' : this.#world.ctOfTube(tube);
      return readingsOf(random, { well, ct, pooled: tube.members.length > 1 }, this.#world.policy);
    });
    const isControlFailed = random.chance(failedControlShare);
    const positive = isControlFailed ? null : 26 + 2 * random.unit();
    for (const [target, ct] of [
      ['ORF1ab', positive],
      ['N', positive],
      ['IC', 27],
    ] as const) {
      readings.push({ well: 'G12', target, ct });
      readings.push({ well: 'H12', target, ct: null });
    }
    const instrument = `${this.#point.id}-qpcr`;
    this.#act(
      'read-plate',
      { plate, at, body: { plate: plate.label, instrument, readings } },
      () => {
        const minutes = minutesIn(random, this.#world.policy.laboratory.signMinutes);
        this.#world.after(at, minutes, (later) => this.#sign(plate, later));
      },
    );
    this.#fill(at);
  }

  #sign(plate: Plate, at: Instant): void {
    this.#act('sign-plate', { plate, at, body: { plate: plate.label } }, () => {
      const minutes = minutesIn(this.#random, this.#world.policy.laboratory.releaseMinutes);
      this.#world.after(at, minutes, (later) => this.#release(plate, later));
    });
  }

  /** Releases what may be released; the rest of the plate runs again. */
  #release(plate: Plate, at: Instant): void {
    const { outbox } = this.#world;
    const account = this.#point.review;
    const body = { plate: plate.label };
    outbox.act(
      {
        account,
        room: 'results',
        act: 'release',
        key: plate.label,
        at,
        body,
        // A plate whose controls failed has nothing to release: all of it runs again.
        expected: ['results.nothing-to-release'],
      },
      (answer) => {
        if (!answer.done) return this.#runAgain(plate, new Map(), at);
        const [fact] = answer.facts;
        outbox.ask({
          account,
          run: (session) => readRelease(session, fact?.subject ?? ''),
          answered: (results) => this.#runAgain(plate, results, at),
        });
      },
    );
  }

  #runAgain(plate: Plate, results: ReadonlyMap<string, Result>, at: Instant): void {
    this.#onPlates -= plate.specimens.length;
    for (const { tube, runs } of plate.specimens) {
      if (results.has(tube.label) || runs >= runsMax) {
        this.#world.noteSettled(tube);
        continue;
      }
      const queue = tube.poolSize > 1 ? this.#waiting : this.#urgent;
      queue.unshift({ tube, since: at, rerunOf: plate.label, runs: runs + 1 });
    }
    this.#fill(at);
  }

  #act(
    act: 'load-plate' | 'read-plate' | 'sign-plate',
    {
      plate,
      at,
      body,
    }: { plate: Plate; at: Instant; body: Parameters<World['outbox']['act']>[0]['body'] },
    answered: () => void,
  ): void {
    // Whoever loaded or read a plate may not sign it.
    const account = act === 'sign-plate' ? this.#point.review : this.#point.bench;
    const desk = { account, room: 'laboratory', act, key: plate.label, at, body };
    this.#world.outbox.act(desk, answered);
  }
}

async function readRelease(session: Session, subject: string): Promise<Map<string, Result>> {
  if (subject === '') return new Map();
  const path = `/v1/subjects/${encodeURIComponent(subject)}`;
  const { facts } = await session.get<{
    facts: { kind: string; body: { results?: { tube: string; result: Result }[] } }[];
  }>(path);
  const released = facts.flatMap(({ kind, body }) =>
    kind === 'results.released' ? (body.results ?? []) : [],
  );
  return new Map(released.map(({ tube, result }) => [tube, result]));
}
