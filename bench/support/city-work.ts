import { dayMs } from '../../kernel/instant.ts';
import { boxesOf, type City, type CityTube, firstSingleSerial } from './city.ts';
import type { Desk } from './city-desk.ts';
import * as facts from './city-facts.ts';
import * as staff from './city-staff.ts';

/** Facts of a batch from a device; a sealed tube counts as one. */
const batch = 100;
/** Plates of a batch: 20 facts of 6 to 16 kB are 0.2 MB. */
const platesPerBatch = 10;
const casesPerGroup = 20;

/** A box on its way: who sealed it, where, and what is in it. */
export interface Parcel {
  readonly box: string;
  readonly sender: string;
  readonly place: string;
  readonly tubes: readonly string[];
}

/** A mixed tube that will be positive: whom it holds, and where they live. */
export interface HotPool {
  readonly tube: string;
  readonly members: readonly number[];
  readonly infected: readonly number[];
  readonly place: string;
}

/** What the sampling of a community leaves for the links that follow. */
export interface Sampled {
  readonly district: number;
  readonly parcels: readonly Parcel[];
  readonly pools: readonly HotPool[];
}

/** A plate that has been read and waits for its second signature. */
export interface ReadPlate {
  readonly plate: string;
  readonly tubes: readonly string[];
}

/** Somebody found positive by a single sample. */
export interface Confirmed {
  readonly person: number;
  readonly place: string;
}

/** How the sampling is sent. */
export interface SendingPlan {
  readonly teams: number;
  /** One sealed tube a request instead of a hundred. */
  readonly single: boolean;
}

/** The links of the day, each for one district or community; whoever calls decides the order. */
export class CityWork {
  readonly #city: City;
  readonly #desk: Desk;
  readonly #plan: SendingPlan;
  readonly #recorders = new Map<string, facts.Recorder>();
  readonly #clock: facts.LamportClock;
  /** Groups of one district travel one after the other: they share a vehicle. */
  readonly #roads = new Map<number, Promise<void>>();
  #singles = 0;
  #singleBoxes = 0;
  #plates = 0;
  #cases = 0;
  peopleSampled = 0;
  tubes = 0;

  constructor(city: City, desk: Desk, clock: facts.LamportClock, plan: SendingPlan) {
    this.#city = city;
    this.#desk = desk;
    this.#clock = clock;
    this.#plan = plan;
  }

  get cases(): number {
    return this.#cases;
  }

  get plates(): number {
    return this.#plates;
  }

  #recorder(id: string): facts.Recorder {
    let recorder = this.#recorders.get(id);
    if (recorder === undefined) {
      recorder = new facts.Recorder(id, this.#clock);
      this.#recorders.set(id, recorder);
    }
    return recorder;
  }

  #districtDesk(district: number, desk: staff.District): string {
    return staff.deskOf(desk, this.#city.districtCode(district));
  }

  /** 采: everybody of a community into tubes, tubes into boxes, by so many teams side by side. */
  async sample(index: number): Promise<Sampled> {
    const { code, town, district, first, end } = this.#city.community(index);
    const { tubes, away } = this.#city.day(index);
    const account = staff.samplerOf(town);
    const boxes = boxesOf(index, tubes);
    const { teams } = this.#plan;
    await Promise.all(
      Array.from({ length: teams }, (_every, team) => {
        const own = boxes.filter((_, box) => box % teams === team);
        const missing = away.filter((_, each) => each % teams === team);
        return this.#team({ id: `c${index}-${team}`, account, place: code, boxes: own, missing });
      }),
    );
    const infected = new Set(this.#city.positivesWithin(first, end));
    return {
      district,
      parcels: boxes.map((box) => ({
        ...{ box: facts.boxLabel(box.serial), sender: `user:${account}`, place: code },
        tubes: box.tubes.map(({ serial }) => facts.tubeLabel(serial)),
      })),
      pools: tubes.flatMap(({ serial, members }) => {
        const own = members.filter((person) => infected.has(person));
        if (own.length === 0) return [];
        return [{ tube: facts.tubeLabel(serial), members, infected: own, place: code }];
      }),
    };
  }

  /** One device's day: tubes as they are sealed, who is away, a box when it is full. */
  async #team(work: {
    readonly id: string;
    readonly account: string;
    readonly place: string;
    readonly boxes: readonly { serial: number; tubes: readonly CityTube[] }[];
    readonly missing: readonly number[];
  }): Promise<void> {
    const { id, account, place } = work;
    const recorder = this.#recorder(id);
    let waiting: string[] = [];
    const flush = async (): Promise<void> => {
      const sent = waiting;
      waiting = [];
      if (!this.#plan.single) return this.#desk.send('sample', account, sent);
      await this.#desk.sendAll('sample', account, { facts: sent, batch: 1 });
    };
    for (const person of work.missing) {
      const body = '{"disposition":"away","reason":"out of town"}';
      const subject = `entry:R1/${person}`;
      waiting.push(recorder.fact('screening.person-disposed', subject, place, body));
    }
    for (const { serial, tubes } of work.boxes) {
      const labels: string[] = [];
      for (const tube of tubes) {
        const label = facts.tubeLabel(tube.serial);
        labels.push(label);
        const body = facts.sealBody(tube.members, 'round');
        waiting.push(recorder.fact('screening.tube-sealed', `tube:${label}`, place, body));
        this.peopleSampled += tube.members.length;
        this.tubes += 1;
        if (waiting.length >= batch) await flush();
      }
      const body = `{"tubes":${facts.labelList(labels)},"from":"user:${account}"}`;
      const subject = `box:${facts.boxLabel(serial)}`;
      waiting.push(recorder.fact('custody.box-sealed', subject, place, body));
    }
    if (waiting.length > 0) await flush();
  }

  /** 送: a district's courier takes the boxes over. */
  async carry(district: number, parcels: readonly Parcel[]): Promise<void> {
    const account = this.#districtDesk(district, 'courier');
    const recorder = this.#recorder(`k${district}`);
    const legs = parcels.map(({ box, sender, place }) => {
      const body = `{"leg":1,"from":"${sender}","to":"user:${account}"}`;
      return recorder.fact('custody.box-handed-over', `box:${box}`, place, body);
    });
    await this.#desk.sendAll('carry', account, { facts: legs, batch });
  }

  /** 检: the laboratory counts each box in and gives its tubes a place of their own. */
  async receive(district: number, parcels: readonly Parcel[]): Promise<void> {
    const account = this.#districtDesk(district, 'bench');
    const code = this.#city.districtCode(district);
    const laboratory = staff.laboratoryOf(code);
    const recorder = this.#recorder(`b${district}`);
    const received = parcels.flatMap(({ box, place, tubes }) => {
      const labels = facts.labelList(tubes);
      const rest = '"missing":[],"extra":[],"broken":[],"warm":false,"temperatureCelsius":4';
      const body = `{"laboratory":"${laboratory}","present":${labels},${rest}}`;
      const list = `{"laboratory":"${laboratory}","tubes":${labels}}`;
      const kind = 'laboratory.specimens-accessioned';
      return [
        recorder.fact('custody.box-received', `box:${box}`, place, body),
        recorder.fact(kind, `accession:A${box}`, code, list),
      ];
    });
    await this.#desk.sendAll('receive', account, { facts: received, batch });
  }

  /** 检: tubes on plates, plates in the cycler; what is read is what is in them. */
  async test(
    district: number,
    tubes: readonly string[],
    positive: ReadonlySet<string>,
  ): Promise<ReadPlate[]> {
    const account = this.#districtDesk(district, 'bench');
    const code = this.#city.districtCode(district);
    const laboratory = staff.laboratoryOf(code);
    const recorder = this.#recorder(`b${district}`);
    const plates: ReadPlate[] = [];
    const sent: string[] = [];
    for (let from = 0; from < tubes.length; from += facts.tubesPerPlate) {
      const own = tubes.slice(from, from + facts.tubesPerPlate);
      this.#plates += 1;
      const plate = `L${code}-${String(this.#plates).padStart(6, '0')}`;
      const subject = `plate:${plate}`;
      const loaded = facts.loadBody(laboratory, own);
      sent.push(recorder.fact('laboratory.plate-loaded', subject, code, loaded));
      const read = facts.readBody(own, positive);
      sent.push(recorder.fact('laboratory.plate-read', subject, code, read));
      plates.push({ plate, tubes: own });
    }
    await this.#desk.sendAll('plate', account, { facts: sent, batch: 2 * platesPerBatch });
    return plates;
  }

  /** 报: a second person signs, and the results are released. */
  async release(
    district: number,
    plates: readonly ReadPlate[],
    positive: ReadonlySet<string>,
  ): Promise<void> {
    const account = this.#districtDesk(district, 'review');
    const code = this.#city.districtCode(district);
    const laboratory = staff.laboratoryOf(code);
    const recorder = this.#recorder(`w${district}`);
    const sent = plates.flatMap(({ plate, tubes }) => {
      const body = facts.releaseBody({ plate, laboratory }, tubes, positive);
      return [
        recorder.fact('laboratory.plate-signed', `plate:${plate}`, code, '{}'),
        recorder.fact('results.released', `release:${plate}`, code, body),
      ];
    });
    await this.#desk.sendAll('release', account, { facts: sent, batch: 2 * platesPerBatch });
  }

  /** Everybody of a positive pool is sampled singly at the door. */
  async recall(
    district: number,
    pools: readonly HotPool[],
  ): Promise<{ parcels: Parcel[]; positive: Set<string>; confirmed: Confirmed[] }> {
    const account = this.#districtDesk(district, 'community');
    const recorder = this.#recorder(`r${district}`);
    const sent: string[] = [];
    const parcels: Parcel[] = [];
    const positive = new Set<string>();
    const confirmed: Confirmed[] = [];
    for (const { members, infected, place } of pools) {
      const tubes = members.map((person) => {
        const label = facts.tubeLabel(firstSingleSerial + this.#singles++);
        const body = facts.sealBody([person], 'recall');
        sent.push(recorder.fact('screening.tube-sealed', `tube:${label}`, place, body));
        if (infected.includes(person)) {
          positive.add(label);
          confirmed.push({ person, place });
        }
        return label;
      });
      const box = facts.boxLabel(firstSingleSerial + this.#singleBoxes++);
      const body = `{"tubes":${facts.labelList(tubes)},"from":"user:${account}"}`;
      sent.push(recorder.fact('custody.box-sealed', `box:${box}`, place, body));
      parcels.push({ box, sender: `user:${account}`, place, tubes });
    }
    await this.#desk.sendAll('recall', account, { facts: sent, batch });
    return { parcels, positive, confirmed };
  }

  /** 转, 收: reported, isolated at home, moved and admitted, a group in one vehicle. */
  treat(district: number, confirmed: readonly Confirmed[]): Promise<void> {
    const before = this.#roads.get(district) ?? Promise.resolve();
    const road = this.#travel(district, confirmed, before);
    this.#roads.set(district, road);
    return road;
  }

  async #travel(
    district: number,
    confirmed: readonly Confirmed[],
    before: Promise<void>,
  ): Promise<void> {
    await before;
    for (let from = 0; from < confirmed.length; from += casesPerGroup) {
      await this.#group(district, confirmed.slice(from, from + casesPerGroup));
    }
  }

  async #group(district: number, group: readonly Confirmed[]): Promise<void> {
    const first = this.#cases;
    this.#cases += group.length;
    const cases = group.map((one, index) => {
      const serial = first + index;
      const unit = staff.unitOf(Math.floor(serial / staff.bedsPerUnit));
      return { ...one, transfer: `X${serial + 1}`, stay: `Y${serial + 1}`, unit };
    });
    await this.#report(district, cases);
    const vehicle = staff.vehicleOf(this.#city.districtCode(district));
    const driver = this.#districtDesk(district, 'courier');
    const { dispatcher } = staff;
    await Promise.all(
      cases.map(async ({ transfer, unit }) => {
        const place = { transfer, unit };
        await this.#desk.act('transfer.promise-place', dispatcher, `promise-${transfer}`, place);
        const ride = { transfer, vehicle, driver: `user:${driver}` };
        await this.#desk.act('transfer.assign-vehicle', dispatcher, `assign-${transfer}`, ride);
      }),
    );
    const recorder = this.#recorder(`d${district}`);
    const road = cases.flatMap(({ transfer, person, place }) => {
      const subject = `transfer:${transfer}`;
      const to = `"facility":"${staff.facility}","persons":[${person}],"to":"user:${staff.ward}"`;
      return [
        recorder.fact('transfer.picked-up', subject, place, `{"persons":[${person}]}`),
        recorder.fact('transfer.handed-over', subject, place, `{${to}}`),
      ];
    });
    await this.#desk.send('transfer', driver, road);
    await Promise.all(
      cases.map(({ stay, person, unit, transfer }) => {
        const act = { stay, person, unit, transfer };
        return this.#desk.act('admission.admit', staff.ward, `admit-${stay}`, act);
      }),
    );
  }

  async #report(
    district: number,
    cases: readonly (Confirmed & { readonly transfer: string })[],
  ): Promise<void> {
    const reporter = this.#recorder('hq');
    const reports = cases.flatMap(({ person, place }) => {
      const found = '{"foundIn":"community","asymptomatic":true}';
      const to = '{"reportedTo":"national-network"}';
      return [
        reporter.fact('cases.case-reported', `person:${person}`, place, to),
        reporter.fact('cases.case-investigated', `person:${person}`, place, found),
      ];
    });
    await this.#desk.send('case', staff.headquarters, reports);
    const account = this.#districtDesk(district, 'community');
    const recorder = this.#recorder(`r${district}`);
    const until = Date.now() + 14 * dayMs;
    const orders = cases.flatMap(({ person, place, transfer }) => {
      const by = `"basis":"confirmed-case","responsible":"user:${account}"`;
      const limits = `"expiresAt":${until},"where":"home","appealTo":"role:headquarters"`;
      const moved = `"persons":[${person}],"from":"${place}","priority":"today"`;
      const to = '"reason":"case","destinationKind":"fangcang"';
      const subject = `person:${person}`;
      const asked = `transfer:${transfer}`;
      return [
        recorder.fact('cases.isolation-ordered', subject, place, `{${by},${limits}}`),
        recorder.fact('cases.isolation-begun', subject, place, '{"where":"home"}'),
        recorder.fact('transfer.requested', asked, place, `{${moved},${to}}`),
      ];
    });
    await this.#desk.send('case', account, orders);
    const triage = this.#recorder('dispatch');
    const triaged = cases.map(({ place, transfer }) => {
      const body = '{"priority":"today","needs":[]}';
      return triage.fact('transfer.triaged', `transfer:${transfer}`, place, body);
    });
    await this.#desk.send('case', staff.dispatcher, triaged);
  }
}
