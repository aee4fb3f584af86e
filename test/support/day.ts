import type { Json } from '../../kernel/assert.ts';
import { hourMs, instant, type Instant } from '../../kernel/instant.ts';
import { Random } from '../../kernel/random.ts';
import type { Actor } from '../../ledger/access.ts';
import type { Fact } from '../../ledger/fact.ts';
import { type Performed, perform } from '../../ledger/perform.ts';
import type { Store } from '../../ledger/ports.ts';
import { admit, receive, type Receipt } from '../../ledger/receive.ts';
import { type Registers, type Role, roles } from '../../ledger/room.ts';
import { Work, type WorkContext } from '../../ledger/settle.ts';
import { createCatalogue } from '../../rooms/catalogue.ts';

/** A community of 60 households of three, persons 1 to 180; the third of each is a child. */
export const community = '310113003001';
export const personsCount = 180;

export const registers: Registers = {
  householdOf: (person) => {
    if (person < 1 || person > personsCount) return [];
    const first = person - ((person - 1) % 3);
    return [first, first + 1, first + 2];
  },
  homeOf: (person) => (person >= 1 && person <= personsCount ? community : null),
  bornOn: (person) => (person % 3 === 0 ? '2016-05-01' : '1980-05-01'),
};

/** Paths of the places that the day knows. */
export const pathOf = (place: string): string | null =>
  ({ '310113': '310113', [community]: `310113/310113003/${community}` })[place] ?? null;

export const catalogue = createCatalogue();

/** An actor with every role everywhere, so that only what is decided differs. */
export function actorNamed(account: string, held: readonly Role[] = roles): Actor {
  return { account, grants: held.map((role) => ({ role, place: '*' })) };
}

/** What units of work on the synthetic community are given. */
export function workContext(): WorkContext {
  const policy = catalogue.policyDefaults();
  return { catalogue, policy, registers, receivedAt: instant(0) };
}

/** Runs one unit of work to its end. */
export function inWork<T>(store: Store, run: (work: Work) => Promise<T>): Promise<T> {
  return store.transact(async (transaction) => {
    const work = new Work(transaction, workContext());
    const outcome = await run(work);
    await work.flush();
    return outcome;
  });
}

/** Sends items as a device does, in one batch. */
export function send(store: Store, items: readonly unknown[], account = 'li'): Promise<Receipt[]> {
  const actor = actorNamed(account);
  return inWork(store, (work) =>
    receive(
      work,
      items.map((item) => admit(item, actor, { catalogue, pathOf })),
    ),
  );
}

let actSerial = 0;

/** Does one act at a desk. */
export function act(
  store: Store,
  name: string,
  {
    as = 'li',
    at = instant(0),
    ...request
  }: { as?: string; at?: Instant; act: Json; actId?: string },
): Promise<Performed> {
  actSerial += 1;
  const actId = request.actId ?? `test-act-${String(actSerial).padStart(6, '0')}`;
  const actor = actorNamed(as);
  return inWork(store, (work) =>
    perform(work, { actId, name, act: request.act, at }, { actor, pathOf }),
  );
}

/** A device that numbers its own facts. */
export class Device {
  readonly id: string;
  #seq = 0;
  #lamport = 0;

  constructor(id: string) {
    this.id = id;
  }

  /** A fact as the device would send it. */
  record(kind: string, subject: string, body: Json, at: Instant): { [k: string]: Json } {
    this.#seq += 1;
    this.#lamport += 1;
    const numbers = { deviceSeq: this.#seq, lamport: this.#lamport, at };
    return {
      id: `${this.id}-${this.#seq}0000`,
      kind,
      subject,
      place: community,
      deviceId: this.id,
      ...numbers,
      body,
    };
  }
}

const start = instant(Date.UTC(2022, 3, 4, 0));
const at = (hours: number): Instant => instant(start + hours * hourMs);

/**
 * One day of a small community, through devices and desks, with the troubles of a real one: a
 * label sealed twice, a person in two tubes, a box with a missing and a broken tube, a warm one,
 * an invalid well run again, positive pools, single recalls, a case, its transfer and admission.
 */
export async function playDay(store: Store, seed: number): Promise<void> {
  const random = new Random(seed);
  await expectDone(store, 'screening.open-round', at(0), {
    round: 'R1',
    place: '310113',
    label: { en: 'Round 1', zh: '第一轮' },
    areas: ['310113'],
    group: null,
    poolSize: 10,
    startsAt: at(0),
    endsAt: at(12),
  });
  const tubes = await sampleAll(store, random);
  await carry(store, tubes, random);
  await test(store, 'PL01', { tubes: tubes.filter((_, index) => index !== 3), positive: ['T002'] });
  await recall(store, 'T002');
}

/** Who does what: the signer is another than whoever loaded and read. */
const desks: { readonly [act: string]: string } = {
  'laboratory.load-plate': 'lab',
  'laboratory.read-plate': 'lab',
  'laboratory.sign-plate': 'signer',
};

async function expectDone(store: Store, name: string, when: Instant, body: Json): Promise<void> {
  const done = await act(store, name, { at: when, act: body, as: desks[name] ?? 'li' });
  if (done.kind !== 'done')
    throw new Error(`${name}: ${done.code} ${JSON.stringify(done.details)}`);
}

async function sampleAll(store: Store, random: Random): Promise<string[]> {
  const devices = [new Device('phone-one'), new Device('phone-two')];
  const people = random.shuffle(Array.from({ length: personsCount }, (_, index) => index + 1));
  const labels: string[] = [];
  const facts: Json[] = [];
  for (let tube = 0; tube < 17; tube++) {
    const label = `T${String(tube + 1).padStart(3, '0')}`;
    labels.push(label);
    const members = people.slice(tube * 10, tube * 10 + 10);
    if (tube === 5) members.push(people[0] as number);
    const body = { round: 'R1', purpose: 'round', poolSize: 10, members, point: 'SP1' };
    const device = devices[tube % 2] as Device;
    facts.push(device.record('screening.tube-sealed', `tube:${label}`, body, at(1 + tube / 10)));
    if (tube === 7) {
      const other = { ...body, members: people.slice(170, 175) };
      const twin = devices[0] as Device;
      facts.push(twin.record('screening.tube-sealed', `tube:${label}`, other, at(2)));
    }
  }
  for (const [index, person] of people.slice(175).entries()) {
    const disposition = (['excused', 'refused', 'away', 'home-visit', 'deferred'] as const)[index];
    const body = { disposition: disposition ?? 'excused', reason: 'said at the door' };
    const device = devices[index % 2] as Device;
    facts.push(device.record('screening.person-disposed', `entry:R1/${person}`, body, at(3)));
  }
  const receipts = await send(store, facts);
  const refused = receipts.find((receipt) => receipt.kind === 'set-aside');
  if (refused !== undefined) throw new Error(JSON.stringify(refused));
  return labels;
}

async function carry(store: Store, tubes: readonly string[], random: Random): Promise<void> {
  for (const [index, box] of ['BOX1', 'BOX2'].entries()) {
    const own = tubes.filter((_, tube) => tube % 2 === index);
    await expectDone(store, 'custody.seal-box', at(4), { box, tubes: own, place: community });
    await expectDone(store, 'custody.hand-over', at(4.5), { box, to: 'user:courier' });
    const missing = index === 1 ? own[1] : undefined;
    const present = random.shuffle(own.filter((tube) => tube !== missing));
    const body = { box, laboratory: 'LAB1', present, temperatureCelsius: index === 1 ? 11 : 5 };
    await expectDone(store, 'custody.receive', at(5), body);
  }
  const tubesHere = tubes.filter((_, index) => index !== 3);
  const body = { accession: 'AC01', laboratory: 'LAB1', place: community, tubes: tubesHere };
  await expectDone(store, 'laboratory.accession', at(5.5), body);
}

const wellNames = Array.from({ length: 96 }, (_, index) => {
  return `${'ABCDEFGH'[index % 8] ?? 'A'}${Math.floor(index / 8) + 1}`;
});

async function test(
  store: Store,
  plate: string,
  { tubes, positive }: { tubes: readonly string[]; positive: readonly string[] },
  hours = 6,
): Promise<void> {
  const wells = tubes.map((tube, index) => ({ well: wellNames[index + 2] ?? 'A1', tube }));
  const controls = [
    { well: 'A1', control: 'positive' },
    { well: 'B1', control: 'negative' },
  ];
  const body = { plate, laboratory: 'LAB1', place: community, wells, controls };
  await expectDone(store, 'laboratory.load-plate', at(hours), body);
  const readings = [
    ...readingsOf('A1', 27),
    ...readingsOf('B1', null),
    ...wells.flatMap(({ well, tube }) => readingsOf(well, positive.includes(tube) ? 25 : null)),
  ];
  const read = { plate, instrument: 'cycler 1', readings };
  await expectDone(store, 'laboratory.read-plate', at(hours + 2), read);
  await expectDone(store, 'laboratory.sign-plate', at(hours + 2.2), { plate });
  await expectDone(store, 'results.release', at(hours + 2.5), { plate });
}

function readingsOf(
  well: string,
  ct: number | null,
): { well: string; target: string; ct: number | null }[] {
  return [
    { well, target: 'ORF1ab', ct },
    { well, target: 'N', ct },
    { well, target: 'IC', ct: 28 },
  ];
}

/** The members of a positive pool are sampled singly; the first of them is the case. */
async function recall(store: Store, pool: string): Promise<void> {
  const members = await inWork(store, async (work) => {
    const row = (await work.transaction.recordsOf([pool])).get(pool);
    return row?.view.members ?? [];
  });
  const device = new Device('phone-three');
  const singles = members.map((person, index) => {
    const body = { round: 'R1', purpose: 'recall', poolSize: 1, members: [person], point: 'SP1' };
    const label = `S${String(index + 1).padStart(3, '0')}`;
    return device.record('screening.tube-sealed', `tube:${label}`, body, at(10));
  });
  await send(store, singles, 'sampler2');
  const labels = members.map((_, index) => `S${String(index + 1).padStart(3, '0')}`);
  await expectDone(store, 'custody.seal-box', at(10.5), {
    box: 'BOX3',
    tubes: labels,
    place: community,
  });
  const body = { box: 'BOX3', laboratory: 'LAB1', present: labels, temperatureCelsius: 4 };
  await expectDone(store, 'custody.receive', at(11), body);
  const accession = { accession: 'AC02', laboratory: 'LAB1', place: community, tubes: labels };
  await expectDone(store, 'laboratory.accession', at(11), accession);
  await test(store, 'PL02', { tubes: labels, positive: ['S001'] }, 11);
}

/** The facts of a day as they would be sent again: everything but what only a server adds. */
export function factsOfDay(
  facts: Iterable<Fact & { receipt?: number; receivedAt?: number }>,
): Fact[] {
  return [...facts].map(({ receipt: _receipt, receivedAt: _receivedAt, ...fact }) => fact);
}
