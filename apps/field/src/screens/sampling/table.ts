import { useState } from 'preact/hooks';
import type { Acted, Device } from '../../../../../adapters/device/types.ts';
import type { Json } from '../../../../../kernel/assert.ts';
import type { Label } from '../../../../../ledger/room.ts';
import type { TubeState } from '../../../../../rooms/screening/index.ts';
import { newActId } from '../../app/act-id.ts';
import { useDevice } from '../../app/device.tsx';
import { useLatest } from '../../app/latest.ts';
import { preferences } from '../../app/preferences.ts';
import { speechIn } from '../../language/translate.ts';
import { sayFailure, valuesOf } from '../../parts/failure.ts';
import { told } from '../../parts/feedback.ts';
import type { Said } from '../../parts/Voice.tsx';
import { meaningOf, type Meaning } from './meaning.ts';
import type { Station } from './station.ts';
import { type TubeInHand, useTubeInHand } from './tube-in-hand.ts';

/** Somebody the person at the table may add by saying so. */
export type Offer =
  | { readonly kind: 'anyway' | 'join'; readonly person: number }
  | { readonly kind: 'walk-in'; readonly text: string };

/** What the last scan led to. */
export interface Heard {
  readonly said: Said | null;
  readonly turn: number;
  readonly offer: Offer | null;
  readonly lastPerson: number | null;
}

/** A sampling table: the tube in hand, and what can be done with it. */
export interface SamplingTable {
  /** The tube in hand: open, or the one just sealed. */
  readonly tube: TubeState | null;
  readonly isOpen: boolean;
  readonly heard: Heard;
  readonly scan: (text: string) => Promise<void>;
  readonly accept: (offer: Offer) => Promise<void>;
  readonly addPerson: (person: number) => Promise<void>;
  readonly undo: (person: number, reason: string) => Promise<void>;
  readonly seal: () => Promise<void>;
  readonly voidTube: (reason: string) => Promise<void>;
}

const quiet: Heard = { said: null, turn: 0, offer: null, lastPerson: null };

/** The table at a station. Scans are taken one after the other, in the order they came. */
export function useSamplingTable(station: Station): SamplingTable {
  const device = useDevice();
  const [hand, tube] = useTubeInHand(device);
  const [heard, setHeard] = useState<Heard>(quiet);
  const hands = useLatest<Hands>({ device, station, hand, setHeard });
  const [queue] = useState(() => queueOf((work) => guarded(hands.current, work)));
  return {
    tube,
    isOpen: tube?.stage === 'open',
    heard,
    scan: (text) => queue((own) => scan(own, text)),
    accept: (offer) =>
      queue(async (own) => {
        if (offer.kind === 'walk-in') return;
        if (offer.kind === 'join') await join(own, offer.person);
        await add(own, offer.person);
      }),
    addPerson: (person) => queue((own) => mean(own, meaningOfPerson(own, person))),
    undo: (person, reason) => queue((own) => undo(own, person, reason)),
    seal: () => queue(seal),
    voidTube: (reason) => queue((own) => voidTube(own, reason)),
  };
}

type Job = (hands: Hands) => Promise<void>;

/** Work one after the other: two scans may come before the first is kept. */
function queueOf(run: (work: Job) => Promise<void>): (work: Job) => Promise<void> {
  let last: Promise<void> = Promise.resolve();
  return (work) => {
    last = last.then(() => run(work));
    return last;
  };
}

interface Hands {
  readonly device: Device;
  readonly station: Station;
  readonly hand: TubeInHand;
  readonly setHeard: (change: (before: Heard) => Heard) => void;
}

const speech = () => speechIn(preferences().language);

async function guarded(hands: Hands, work: (hands: Hands) => Promise<void>): Promise<void> {
  try {
    await work(hands);
  } catch (error) {
    const { t } = speech();
    say(hands, { tone: 'wrong', head: t('scan.refused'), line: sayFailure(error, speech()) });
  }
}

interface More {
  readonly offer?: Offer | null;
  readonly person?: number | null;
}

function say({ setHeard }: Hands, said: Said, { offer = null, person = null }: More = {}): void {
  told(said.tone);
  setHeard(({ turn }) => ({ said, turn: turn + 1, offer, lastPerson: person }));
}

/** Does an act; says the room's sentence and answers null when it is refused. */
async function act(hands: Hands, name: string, body: Json): Promise<Acted | null> {
  const acted = await hands.device.act(name, body, newActId());
  if (acted.kind === 'kept') return acted;
  const { t, code } = speech();
  const line = code(acted.code, valuesOf(acted.details));
  say(hands, { tone: 'wrong', head: t('scan.refused'), line });
  return null;
}

async function openTubeOf({ device, hand: { label } }: Hands): Promise<TubeState | null> {
  // The device is asked, not the screen: two scans may come before the screen is drawn.
  const known = device.openTubes();
  const current = label !== null && known.includes(label) ? label : known[0];
  return current === undefined ? null : device.state<TubeState>(`tube:${current}`);
}

async function scan(hands: Hands, text: string): Promise<void> {
  const tube = await openTubeOf(hands);
  const { roster } = hands.device;
  const { round } = hands.station;
  const meaning = meaningOf(text, {
    openTube: tube?.tube ?? null,
    members: tube?.added ?? [],
    findPerson: (code) => roster.findByCode(code),
    statusOf: (person) => roster.statusOf(round, person),
    isOnRoster: (person) => roster.isOnRoster(round, person),
  });
  if (meaning.kind === 'wrong') return sayWrong(hands, meaning.why, { tube, text });
  await mean(hands, meaning, tube ?? undefined);
}

function meaningOfPerson({ device, station }: Hands, person: number): Meaning {
  const status = device.roster.statusOf(station.round, person);
  if (status.kind === 'sampled') return { kind: 'ask', why: 'sampled', person, tube: status.tube };
  const joined = device.roster.isOnRoster(station.round, person);
  return joined
    ? { kind: 'add', person }
    : { kind: 'ask', why: 'not-on-roster', person, tube: null };
}

async function mean(hands: Hands, meaning: Meaning, tube?: TubeState): Promise<void> {
  if (meaning.kind === 'open') return open(hands, meaning.tube);
  if (meaning.kind === 'seal') return seal(hands);
  if (meaning.kind === 'add') return add(hands, meaning.person, tube);
  if (meaning.kind === 'ask') return ask(hands, meaning);
}

async function open(hands: Hands, tube: string): Promise<void> {
  const { round, point, poolSize } = hands.station;
  const place = hands.device.roster.points.find(({ id }) => id === point)?.place ?? '';
  const body = { tube, place, round, point, poolSize };
  if ((await act(hands, 'screening.open-tube', body)) === null) return;
  await hands.hand.take(tube);
  const { t } = speech();
  say(hands, { tone: 'right', head: t('tube.opened'), line: t('tube.scan-people-hint') });
}

async function add(hands: Hands, person: number, known?: TubeState): Promise<void> {
  const tube = known ?? (await openTubeOf(hands));
  const { t } = speech();
  if (tube === null) {
    say(hands, { tone: 'wrong', head: t('scan.tube-first'), line: t('scan.tube-first-hint') });
    return;
  }
  const body = { tube: tube.tube, person };
  if ((await act(hands, 'screening.add-person', body)) === null) return;
  await hands.hand.take(tube.tube);
  const full = tube.opened !== null && tube.added.length + 1 >= tube.opened.poolSize;
  const head = nameOf(hands.device, person);
  const line = full ? t('tube.full-hint') : whereOf(hands.device, person);
  say(hands, { tone: 'right', head, line, own: full ? 'head' : 'both' }, { person });
}

async function join(hands: Hands, person: number): Promise<void> {
  await act(hands, 'screening.add-walk-in', { round: hands.station.round, person });
}

async function undo(hands: Hands, person: number, reason: string): Promise<void> {
  const tube = await openTubeOf(hands);
  if (tube === null) return;
  const body = { tube: tube.tube, person, reason };
  if ((await act(hands, 'screening.remove-person', body)) === null) return;
  const { t } = speech();
  say(hands, { tone: 'done', head: t('undo.done'), line: nameOf(hands.device, person) });
}

async function seal(hands: Hands): Promise<void> {
  const tube = await openTubeOf(hands);
  if (tube === null) return;
  if ((await act(hands, 'screening.seal-tube', { tube: tube.tube })) === null) return;
  await hands.hand.take(tube.tube);
  const { t } = speech();
  const line = t('tube.sealed-hint', { tube: tube.tube, count: tube.added.length });
  say(hands, { tone: 'done', head: t('tube.sealed'), line });
}

async function voidTube(hands: Hands, reason: string): Promise<void> {
  const tube = await openTubeOf(hands);
  if (tube === null) return;
  if ((await act(hands, 'screening.void-tube', { tube: tube.tube, reason })) === null) return;
  await hands.hand.take(null);
  const { t } = speech();
  say(hands, { tone: 'done', head: t('tube.voided'), line: tube.tube });
}

/** Somebody who is known here, and whom the table would not expect. */
function ask(hands: Hands, meaning: Extract<Meaning, { kind: 'ask' }>): void {
  const { t } = speech();
  const { person, tube, why } = meaning;
  const name = nameOf(hands.device, person);
  if (why === 'not-on-roster') {
    const head = t('scan.not-on-roster');
    const line = t('scan.not-on-roster-hint', { name });
    say(hands, { tone: 'wrong', head, line }, { offer: { kind: 'join', person } });
    return;
  }
  const line =
    tube === null ? t('scan.sampled-elsewhere', { name }) : t('scan.sampled-hint', { name, tube });
  const said: Said = { tone: 'wrong', head: t('scan.sampled'), line };
  say(hands, said, { offer: { kind: 'anyway', person } });
}

type Wrong = Extract<Meaning, { kind: 'wrong' }>['why'];

function sayWrong(
  hands: Hands,
  why: Wrong,
  { tube, text }: { tube: TubeState | null; text: string },
): void {
  const { t } = speech();
  const offer: Offer | null = why === 'nobody' ? { kind: 'walk-in', text } : null;
  const values = { tube: tube?.tube ?? '' };
  const said: Said = { tone: 'wrong', head: t(`scan.${why}`), line: t(`scan.${why}-hint`, values) };
  say(hands, said, { offer });
}

/** The masked name of somebody, or their number. */
export function nameOf({ roster }: Device, person: number): string {
  const known = roster.person(person);
  const { t } = speech();
  return known === null || known.name === ''
    ? t('person.number', { number: String(person) })
    : known.name;
}

/** Where somebody lives, as far as a phone may know. */
export function whereOf(device: Device, person: number): string {
  const known = device.roster.person(person);
  const { t, label } = speech();
  if (known === null) return t('person.number', { number: String(person) });
  const house = housesOf(device).get(known.building);
  return `${house === undefined ? '' : label(house)} ${known.room}`.trim();
}

const houses = new WeakMap<Device, { asOf: number | null; labels: Map<string, Label> }>();

/** Labels of the buildings, worked out once for each package: a scan has no time for it. */
function housesOf(device: Device): ReadonlyMap<string, Label> {
  const { asOf } = device.roster;
  const kept = houses.get(device);
  if (kept !== undefined && kept.asOf === asOf) return kept.labels;
  const labels = new Map(device.roster.buildings().map(({ code, label }) => [code, label]));
  houses.set(device, { asOf, labels });
  return labels;
}
