import type { Json } from '../../kernel/assert.ts';
import { instant, type Instant, minuteMs } from '../../kernel/instant.ts';
import { type Consequence, emptyView, type Finding, type Link } from '../../ledger/derive.ts';
import {
  believed,
  keptAs,
  type RecordEntry,
  type RecordKind,
  type RecordState,
  type RecordView,
  type ViewContext,
} from '../../ledger/room.ts';
import type { DutiesPolicy } from '../duties/index.ts';

/** What a test says: `grey` is between negative and positive, `invalid` says nothing. */
export type Result = 'negative' | 'positive' | 'grey' | 'invalid';

/** The specimen as a whole: what each room says of the tube, as believed now. */
export interface Specimen {
  readonly tube: string;
  readonly seal: SealPart | null;
  readonly custody: CustodyPart | null;
  readonly accession: { readonly laboratory: string; readonly accessionedAt: Instant } | null;
  readonly plate: PlatePart | null;
  readonly result: ResultPart | null;
}

export interface SealPart {
  readonly round: string;
  readonly purpose: 'round' | 'recall' | 'exit' | 'symptoms';
  readonly poolSize: number;
  readonly members: readonly number[];
  readonly point: string;
  readonly place: string;
  readonly openedAt: Instant | null;
  readonly sealedAt: Instant | null;
  readonly sealedBy: string;
  readonly seals: number;
  readonly voidedAt: Instant | null;
  readonly sealFactId: string | null;
}

export interface CustodyPart {
  readonly box: string;
  readonly boxStage: string;
  readonly holder: string | null;
  readonly custodySince: Instant | null;
  readonly receivedAt: Instant | null;
  readonly laboratory: string | null;
  readonly condition: 'ok' | 'missing' | 'broken' | 'warm' | 'lost' | 'extra';
}

export interface PlatePart {
  readonly plate: string;
  readonly well: string;
  readonly attempt: number;
  readonly plateStage: 'loaded' | 'read' | 'signed' | 'rejected';
  readonly call: Result | null;
  readonly loadedAt: Instant | null;
  readonly calledAt: Instant | null;
  readonly signedAt: Instant | null;
}

export interface ResultPart {
  readonly result: Result;
  readonly releasedAt: Instant;
  readonly release: string;
  readonly amendedAt: Instant | null;
  /** The fact that last set this tube's result. */
  readonly causeId: string;
  readonly causeLamport: number;
  readonly causeAt: Instant;
}

/** Reads a record into the specimen it describes. */
export function readSpecimen(state: RecordState): Specimen {
  return {
    tube: state.key,
    seal: part<SealPart>(state, 'seal'),
    custody: best<CustodyPart>(state, 'custody', ({ condition }) =>
      gone.includes(condition) ? 0 : 1,
    ),
    accession: part<NonNullable<Specimen['accession']>>(state, 'accession'),
    plate: best<PlatePart>(state, 'plate', (plate) => {
      return plate.plateStage === 'rejected' ? -plate.attempt : plate.attempt;
    }),
    result: part<ResultPart>(state, 'result'),
  };
}

// The store gives back what the rooms' views put in, so the shape is theirs to keep.
function part<T>(state: RecordState, group: string): T | null {
  return (believed(state, group)?.values ?? null) as T | null;
}

/**
 * Rule RE-25. Of several boxes the one that has the tube is believed, of several plates the last
 * run; only then the one heard of last. What a first plate learns later about its rerun must not
 * bring its old call back.
 */
function best<T>(state: RecordState, group: string, worth: (values: T) => number): T | null {
  let found: { readonly values: T; readonly rank: string; readonly worth: number } | null = null;
  for (const { rank, values: said } of state.groups[group] ?? []) {
    const values = said as T;
    const own = { values, rank, worth: worth(values) };
    const isBetter =
      found === null || own.worth > found.worth || (own.worth === found.worth && rank > found.rank);
    if (isBetter) found = own;
  }
  return found?.values ?? null;
}

/** Rule RE-20. Stages of a specimen and the link each belongs to. Total. */
export const specimenStages = {
  unknown: null,
  open: 'collect',
  sealed: 'deliver',
  boxed: 'deliver',
  moving: 'deliver',
  received: 'test',
  accessioned: 'test',
  plated: 'test',
  read: 'test',
  signed: 'report',
  released: null,
  lost: null,
  voided: null,
} as const satisfies Record<string, Link | null>;

export type SpecimenStage = keyof typeof specimenStages;

/** Rule RE-20. How far a specimen has come, and since when. */
export function stageOf(specimen: Specimen): { stage: SpecimenStage; since: Instant | null } {
  const { seal, custody, accession, plate, result } = specimen;
  if (seal?.voidedAt != null) return { stage: 'voided', since: seal.voidedAt };
  if (result !== null) return { stage: 'released', since: result.releasedAt };
  if (plate !== null && plate.plateStage !== 'rejected') return stageOnPlate(plate, specimen);
  if (custody !== null && gone.includes(custody.condition)) {
    return { stage: 'lost', since: custody.receivedAt ?? custody.custodySince };
  }
  if (accession !== null) return { stage: 'accessioned', since: accession.accessionedAt };
  if (custody !== null) return stageInBox(custody);
  if (seal === null) return { stage: 'unknown', since: null };
  if (seal.sealedAt !== null) return { stage: 'sealed', since: seal.sealedAt };
  return { stage: 'open', since: seal.openedAt };
}

/** Conditions in which the specimen cannot be tested. */
const gone: readonly CustodyPart['condition'][] = ['missing', 'broken', 'lost'];

function stageOnPlate(plate: PlatePart, specimen: Specimen): ReturnType<typeof stageOf> {
  if (plate.plateStage === 'loaded') return { stage: 'plated', since: plate.loadedAt };
  if (plate.plateStage === 'read') return { stage: 'read', since: plate.calledAt };
  // A signed invalid call means that the specimen waits for its next attempt.
  if (plate.call === 'invalid' && specimen.result === null) {
    return { stage: 'accessioned', since: plate.signedAt };
  }
  return { stage: 'signed', since: plate.signedAt };
}

function stageInBox(custody: CustodyPart): ReturnType<typeof stageOf> {
  if (custody.receivedAt !== null) return { stage: 'received', since: custody.receivedAt };
  const stage = custody.boxStage === 'moving' ? 'moving' : 'boxed';
  return { stage, since: custody.custodySince };
}

/**
 * Rule RE-21. Whether its people count as sampled: sealed in a round, not voided, not lost,
 * broken or missing on the way, and not finally invalid. Nobody is done whose swab says nothing.
 */
export function countsAsSampled({ seal, custody, plate, result }: Specimen): boolean {
  if (seal === null || seal.sealedAt === null || seal.voidedAt !== null) return false;
  if (seal.purpose !== 'round' || result?.result === 'invalid') return false;
  const tested = plate !== null || result !== null;
  return tested || custody === null || !gone.includes(custody.condition);
}

/** The record of specimens: its view is computed from what all rooms say of the tube. */
export const specimenRecord = {
  record: 'specimen',
  room: 'duties',
  view: viewSpecimen,
} satisfies RecordKind<DutiesPolicy>;

/** Everything that follows from a specimen. */
export function viewSpecimen(state: RecordState, context: ViewContext<DutiesPolicy>): RecordView {
  const specimen = readSpecimen(state);
  const { seal } = specimen;
  const { stage, since } = stageOf(specimen);
  const link = specimenStages[stage];
  return {
    ...emptyView,
    stage,
    since,
    done: link === null && stage !== 'unknown',
    dueAt: link === null ? null : dueAt(specimen, { link, since, policy: context.policy }),
    holder: link === null ? null : holderOf(specimen),
    place: seal?.place ?? null,
    round: seal?.round ?? null,
    members: seal?.members ?? [],
    counted: countsAsSampled(specimen),
    findings: specimenFindings(state, specimen),
    consequences: specimenConsequences(state, specimen),
  };
}

/** Rule RE-22. Each link's clock starts when the specimen enters the link, not the stage. */
function dueAt(
  { seal, custody, accession }: Specimen,
  { link, since, policy }: { link: Link; since: Instant | null; policy: DutiesPolicy },
): Instant | null {
  const limits: { readonly [l: string]: number | undefined } = policy.linkMinutesMax;
  const entered = {
    collect: seal?.openedAt ?? null,
    deliver: seal?.sealedAt ?? custody?.custodySince ?? null,
    test: custody?.receivedAt ?? accession?.accessionedAt ?? null,
    report: since,
    transfer: null,
    admit: null,
  }[link];
  const from = entered ?? since;
  const minutesMax = limits[link];
  return from === null || minutesMax === undefined ? null : instant(from + minutesMax * minuteMs);
}

function holderOf({ seal, custody, accession, plate }: Specimen): string {
  if (plate !== null || accession !== null || custody?.receivedAt != null) return 'role:laboratory';
  return custody?.holder ?? seal?.sealedBy ?? 'role:headquarters';
}

/** Rule RE-23. Contradictions between what the rooms say of one tube. */
function specimenFindings(state: RecordState, specimen: Specimen): Finding[] {
  const { tube, seal, custody, plate, result } = specimen;
  const place = seal?.place ?? null;
  const at = result?.releasedAt ?? plate?.loadedAt ?? custody?.custodySince ?? seal?.sealedAt;
  if (at == null) return [];
  const findings: Finding[] = [];
  const add = (code: string, owner: string, details: Finding['details']): void => {
    findings.push({
      key: code,
      code,
      owner,
      place: place ?? '',
      at,
      details: { tube, ...details },
    });
  };
  if (seal === null && (custody !== null || plate !== null || result !== null)) {
    add('results.specimen-without-seal', 'role:headquarters', {
      seenIn: Object.keys(state.groups),
    });
  }
  const boxes = sourcesHolding(state);
  if (boxes.length > 1) add('custody.tube-in-two-boxes', 'role:courier', { boxes });
  const twice = platesByAttempt(state).filter(([, plates]) => plates.length > 1);
  for (const [attempt, plates] of twice) {
    add('laboratory.tube-on-two-plates', 'role:laboratory', { attempt, plates });
  }
  if (plate !== null && (custody === null || custody.receivedAt === null)) {
    add('custody.tested-but-never-received', 'role:courier', { plate: plate.plate });
  }
  if (result !== null && result.amendedAt === null && differs(plate, result)) {
    const call = plate?.call ?? null;
    add('results.differs-from-call', 'role:laboratory', { call, result: result.result });
  }
  return findings;
}

function differs(plate: PlatePart | null, result: ResultPart): boolean {
  return plate?.plateStage === 'signed' && plate.call !== null && plate.call !== result.result;
}

/** Boxes that hold the tube: a box that misses it does not, once another has it. */
function sourcesHolding(state: RecordState): string[] {
  return (state.groups['custody'] ?? [])
    .filter(({ values }) => values['condition'] !== 'missing')
    .map(({ source }) => source)
    .sort();
}

function platesByAttempt(state: RecordState): [number, string[]][] {
  const byAttempt = new Map<number, string[]>();
  for (const { source, values } of state.groups['plate'] ?? []) {
    if (values['plateStage'] === 'rejected') continue;
    const attempt = Number(values['attempt'] ?? 1);
    byAttempt.set(attempt, [...(byAttempt.get(attempt) ?? []), source].sort());
  }
  return [...byAttempt].sort(([left], [right]) => left - right);
}

/**
 * Rule RE-24. A mixed tube that is positive or grey holds every member and recalls each for a
 * single sample (FACTS.md §2, the 10-in-1 rule); a single specimen speaks for its one person.
 */
function specimenConsequences(state: RecordState, specimen: Specimen): Consequence[] {
  const { tube, seal, result } = specimen;
  if (seal === null || seal.sealedAt === null) return [];
  const { purpose, members } = seal;
  const consequences: Consequence[] = [];
  const follow = (cause: Cause, kind: string, person: number, body: Json): void => {
    const draft = { kind, subject: `person:${person}`, place: seal.place, body };
    consequences.push({ ...cause, draft });
  };
  const sealed = sealCause(believed(state, 'seal'), seal);
  if (purpose !== 'round' && sealed !== null) {
    for (const person of members) follow(sealed, 'cases.specimen-taken', person, { tube, purpose });
  }
  const lost = lossOf(state, specimen);
  if (purpose !== 'round' && lost !== null) {
    for (const person of members) {
      follow(lost.cause, 'cases.specimen-lost', person, { tube, reason: lost.reason });
    }
  }
  if (result === null) return consequences;
  const { causeId, causeLamport, causeAt } = result;
  const cause = { causeId, causeLamport, at: causeAt };
  const [only] = members;
  if (members.length === 1 && only !== undefined) {
    const speaks = purpose !== 'round' || result.result === 'positive' || result.result === 'grey';
    const body = { tube, purpose, result: result.result };
    if (speaks) follow(cause, 'cases.specimen-resulted', only, body);
  } else if (result.result === 'positive' || result.result === 'grey') {
    for (const person of members) {
      follow(cause, 'cases.person-held', person, {
        tube,
        result: result.result,
        members: [...members],
      });
    }
  }
  return consequences;
}

/** Why a specimen will never be tested: voided, or lost, broken or missing on its way. */
function lossOf(state: RecordState, specimen: Specimen): { reason: string; cause: Cause } | null {
  const { seal, custody } = specimen;
  const { stage, since } = stageOf(specimen);
  if (since === null || (stage !== 'voided' && stage !== 'lost')) return null;
  const group = stage === 'voided' ? 'seal' : 'custody';
  const said = keptAs<object | null>(stage === 'voided' ? seal : custody);
  const entries = state.groups[group] ?? [];
  const speaker = entries.find(({ values }) => values === said);
  if (speaker === undefined) return null;
  const causeLamport = Number.parseInt(speaker.rank.slice(0, 11), 36);
  const cause = { causeId: speaker.rank.slice(12), causeLamport, at: since };
  return { reason: stage === 'voided' ? 'voided' : (custody?.condition ?? 'lost'), cause };
}

type Cause = Pick<Consequence, 'causeId' | 'causeLamport' | 'at'>;

function sealCause(entry: RecordEntry | null, seal: SealPart): Cause | null {
  if (entry === null || seal.sealFactId === null || seal.sealedAt === null) return null;
  const causeLamport = Number.parseInt(entry.rank.slice(0, 11), 36);
  return { causeId: seal.sealFactId, causeLamport, at: seal.sealedAt };
}
