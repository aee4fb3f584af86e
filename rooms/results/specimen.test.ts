import { describe, expect, test } from 'vitest';
import { hourMs, instant } from '../../kernel/instant.ts';
import type { RecordState, Registers } from '../../ledger/room.ts';
import {
  countsAsSampled,
  readSpecimen,
  specimenStages,
  stageOf,
  viewSpecimen,
} from './specimen.ts';

const registers: Registers = { householdOf: () => [], homeOf: () => null, bornOn: () => null };
const linkMinutesMax = { collect: 60, deliver: 240, test: 720, report: 60 };
const context = { policy: { linkMinutesMax }, registers };
const at = (hours: number): number => instant(hours * hourMs);

const seal = {
  round: 'R1',
  purpose: 'round',
  poolSize: 10,
  members: [1, 2, 3],
  point: 'SP1',
  place: 'c',
  openedAt: at(0),
  sealedAt: at(1),
  sealedBy: 'user:li',
  seals: 1,
  voidedAt: null,
  sealFactId: 'f-seal',
};
const box = {
  box: 'B1',
  boxStage: 'received',
  holder: 'user:lab',
  custodySince: at(2),
  receivedAt: at(3),
  laboratory: 'L1',
  condition: 'ok',
};
const plate = {
  plate: 'P1',
  well: 'C1',
  attempt: 1,
  plateStage: 'signed',
  call: 'positive',
  loadedAt: at(5),
  calledAt: at(7),
  signedAt: at(8),
};
const result = {
  result: 'positive',
  releasedAt: at(9),
  release: 'P1',
  amendedAt: null,
  causeId: 'f-release',
  causeLamport: 40,
  causeAt: at(9),
};

type Values = { [k: string]: never };
interface Said {
  readonly [group: string]: { readonly [source: string]: object };
}

/** A record in which each source speaks with the rank of its place in the list. */
function record(groups: Said): RecordState {
  let lamport = 0;
  const ranked = Object.entries(groups).map(([group, sources]) => [
    group,
    Object.entries(sources).map(([source, values]) => {
      lamport += 1;
      const rank = `${lamport.toString(36).padStart(11, '0')}.${source}`;
      return { source, rank, values: values as Values };
    }),
  ]);
  return { key: 'T1', groups: Object.fromEntries(ranked) };
}

const stage = (groups: Said): string => stageOf(readSpecimen(record(groups))).stage;
const codes = (groups: Said): string[] =>
  viewSpecimen(record(groups), context).findings.map(({ code }) => code);
const sealed = { seal: { 'tube:T1': seal } };
const boxed = { ...sealed, custody: { 'box:B1': box } };
const plated = { ...boxed, plate: { 'plate:P1': plate } };
const released = { ...plated, result: { 'release:P1': result } };

describe('stages', () => {
  test('RE-20 a specimen goes through its stages, and each belongs to a link or is at an end', () => {
    expect(stage({ seal: { 'tube:T1': { ...seal, sealedAt: null } } })).toBe('open');
    expect(stage(sealed)).toBe('sealed');
    const moving = { ...box, boxStage: 'moving', receivedAt: null };
    expect(stage({ ...sealed, custody: { 'box:B1': moving } })).toBe('moving');
    expect(stage(boxed)).toBe('received');
    const accession = { 'accession:A1': { laboratory: 'L1', accessionedAt: at(4) } };
    expect(stage({ ...boxed, accession })).toBe('accessioned');
    expect(stage({ ...boxed, plate: { 'plate:P1': { ...plate, plateStage: 'loaded' } } })).toBe(
      'plated',
    );
    expect(stage(plated)).toBe('signed');
    expect(stage(released)).toBe('released');
    expect(stage({ seal: { 'tube:T1': { ...seal, voidedAt: at(2) } } })).toBe('voided');
    expect(Object.keys(specimenStages)).toHaveLength(13);
  });

  test('RE-20 a signed invalid call waits for its next run', () => {
    const invalid = { ...plate, call: 'invalid' };
    expect(stage({ ...boxed, plate: { 'plate:P1': invalid } })).toBe('accessioned');
  });

  test('RE-22 the clock of a link starts when the specimen enters the link', () => {
    const due = (groups: Said): number | null => viewSpecimen(record(groups), context).dueAt;
    expect(due(sealed)).toBe(at(1 + 4));
    expect(due(boxed)).toBe(at(3 + 12));
    expect(due({ ...boxed, plate: { 'plate:P1': { ...plate, plateStage: 'read' } } })).toBe(
      at(3 + 12),
    );
    expect(due(plated)).toBe(at(8 + 1));
    expect(due(released)).toBeNull();
  });
});

describe('who counts', () => {
  const counts = (groups: Said): boolean => countsAsSampled(readSpecimen(record(groups)));

  test('RE-21 sealed in a round counts; void, lost, broken, missing or finally invalid does not', () => {
    expect(counts(sealed)).toBe(true);
    expect(counts({ seal: { 'tube:T1': { ...seal, voidedAt: at(2) } } })).toBe(false);
    expect(counts({ seal: { 'tube:T1': { ...seal, purpose: 'recall' } } })).toBe(false);
    for (const condition of ['missing', 'broken', 'lost']) {
      expect(counts({ ...sealed, custody: { 'box:B1': { ...box, condition } } })).toBe(false);
    }
    expect(counts({ ...sealed, custody: { 'box:B1': { ...box, condition: 'warm' } } })).toBe(true);
    expect(
      counts({ ...released, result: { 'release:P1': { ...result, result: 'invalid' } } }),
    ).toBe(false);
  });

  test('RE-25 a tube missing from one box and found in another is where it was found', () => {
    const custody = {
      'box:B2': { ...box, box: 'B2', condition: 'extra' },
      'box:B1': { ...box, condition: 'missing' },
    };
    expect(counts({ ...sealed, custody })).toBe(true);
    expect(codes({ ...sealed, custody })).toEqual([]);
  });

  test('RE-25 the last run is believed, whatever the first plate learns later', () => {
    const runs = {
      'plate:P2': { ...plate, plate: 'P2', attempt: 2, call: 'positive' },
      'plate:P1': { ...plate, call: 'invalid' },
    };
    expect(readSpecimen(record({ ...boxed, plate: runs })).plate?.plate).toBe('P2');
    expect(codes({ ...boxed, plate: runs, result: { 'release:P2': result } })).toEqual([]);
  });
});

describe('contradictions', () => {
  test('RE-23 each contradiction between rooms is found by its code', () => {
    expect(codes({ plate: { 'plate:P1': plate } })).toEqual([
      'results.specimen-without-seal',
      'custody.tested-but-never-received',
    ]);
    const twoBoxes = { 'box:B1': box, 'box:B2': { ...box, box: 'B2' } };
    expect(codes({ ...sealed, custody: twoBoxes })).toEqual(['custody.tube-in-two-boxes']);
    const twoPlates = { 'plate:P1': plate, 'plate:P2': { ...plate, plate: 'P2' } };
    expect(codes({ ...boxed, plate: twoPlates })).toEqual(['laboratory.tube-on-two-plates']);
    const negative = { 'release:P1': { ...result, result: 'negative' } };
    expect(codes({ ...plated, result: negative })).toEqual(['results.differs-from-call']);
  });
});

describe('what follows', () => {
  const follow = (groups: Said): [string, string][] =>
    viewSpecimen(record(groups), context).consequences.map(({ draft }) => [
      draft.kind,
      draft.subject,
    ]);

  test('RE-24 a positive or grey mixed tube holds every member, a negative nobody', () => {
    expect(follow(released)).toEqual([
      ['cases.person-held', 'person:1'],
      ['cases.person-held', 'person:2'],
      ['cases.person-held', 'person:3'],
    ]);
    const negative = { 'release:P1': { ...result, result: 'negative' } };
    expect(follow({ ...plated, result: negative })).toEqual([]);
  });

  test('RE-24 a single sample on recall that is lost or voided is told to its person', () => {
    const single = { ...seal, purpose: 'recall', poolSize: 1, members: [7] };
    const broken = { 'box:B1': { ...box, condition: 'broken' } };
    expect(follow({ seal: { 'tube:T1': single }, custody: broken })).toEqual([
      ['cases.specimen-taken', 'person:7'],
      ['cases.specimen-lost', 'person:7'],
    ]);
    expect(follow({ seal: { 'tube:T1': { ...single, voidedAt: at(2) } } })).toEqual([
      ['cases.specimen-taken', 'person:7'],
      ['cases.specimen-lost', 'person:7'],
    ]);
  });

  test('RE-24 a single specimen speaks for its person, and one on recall already when taken', () => {
    const single = {
      seal: { 'tube:T1': { ...seal, purpose: 'recall', poolSize: 1, members: [7] } },
    };
    expect(follow(single)).toEqual([['cases.specimen-taken', 'person:7']]);
    const negative = { 'release:P1': { ...result, result: 'negative' } };
    expect(follow({ ...single, result: negative })).toEqual([
      ['cases.specimen-taken', 'person:7'],
      ['cases.specimen-resulted', 'person:7'],
    ]);
  });
});
