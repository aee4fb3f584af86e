import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Instant } from '../../kernel/instant.ts';
import { parsePlaceRow, readPlaceHeader } from './place-row.ts';
import { decideClosePoint, decideOpenPoint } from './decide.ts';
import type { PointFact } from './facts.ts';
import { evolvePoint, initialPoint, type PointState } from './state.ts';
import { viewPoint } from './views.ts';

const label = { zh: '一号采样点', en: 'Sampling point 1' };
const opening = { pointKind: 'sampling', label, lon: 121.48, lat: 31.4 } as const;

function fact(
  id: string,
  change: Pick<PointFact, 'kind' | 'body'>,
  place = '310113003001',
): PointFact {
  const envelope = { id, subject: 'point:P1', place, deviceId: 'd-1', deviceSeq: 1, lamport: 1 };
  return { ...envelope, ...change, at: Number(id) as Instant, actor: 'li' } as PointFact;
}

function opened(id: string, place?: string): PointFact {
  return fact(id, { kind: 'places.point-opened', body: opening }, place);
}

function closed(id: string): PointFact {
  return fact(id, { kind: 'places.point-closed', body: { reason: '雨' } });
}

function after(...facts: PointFact[]): PointState {
  return facts.reduce(evolvePoint, initialPoint('P1'));
}

test('PL-8 a point is opened once until it is closed, and may open again', () => {
  const act = { point: 'P1', place: '310113003001', ...opening };
  expect(decideOpenPoint(initialPoint('P1'), act)).toMatchObject({
    kind: 'accepted',
    facts: [
      { kind: 'places.point-opened', subject: 'point:P1', place: '310113003001', body: opening },
    ],
  });
  expect(decideOpenPoint(after(opened('1')), act)).toMatchObject({
    code: 'places.point-already-open',
  });
  expect(decideOpenPoint(after(opened('1'), closed('2')), act)).toMatchObject({ kind: 'accepted' });
  expect(after(opened('1'), closed('2'), opened('3'))).toMatchObject({ stage: 'open', since: 3 });
});

test('PL-8 a position is whole or absent', () => {
  const { lat: _, ...half } = opening;
  expect(
    decideOpenPoint(initialPoint('P1'), { point: 'P1', place: '310113', ...half }),
  ).toMatchObject({
    code: 'places.position-incomplete',
  });
});

test('PL-8 only an open point is closed', () => {
  const act = { point: 'P1', reason: '雨' };
  expect(decideClosePoint(initialPoint('P1'), act)).toMatchObject({
    code: 'places.point-not-open',
  });
  expect(decideClosePoint(after(opened('1')), act)).toMatchObject({
    facts: [{ kind: 'places.point-closed', place: '310113003001', body: { reason: '雨' } }],
  });
});

test('PL-9 headquarters holds an open point; a closed one is done', () => {
  expect(viewPoint(initialPoint('P1'))).toMatchObject({
    stage: 'unknown',
    holder: null,
    done: false,
  });
  expect(viewPoint(after(opened('1')))).toMatchObject({
    stage: 'open',
    holder: 'role:headquarters',
    since: 1,
    done: false,
  });
  expect(viewPoint(after(opened('1'), closed('2')))).toMatchObject({ holder: null, done: true });
});

test('PL-9 reports that contradict each other stay and become findings', () => {
  const findings = (state: PointState) => viewPoint(state).findings.map(({ key }) => key);
  expect(findings(after(opened('1'), opened('2')))).toEqual([]);
  expect(findings(after(opened('1'), opened('2', '310113008001')))).toEqual([
    'places.point-opened-twice/2',
  ]);
  expect(findings(after(closed('1')))).toEqual(['places.point-not-open/1']);
});

test('PL-9 any facts in any order fold without throwing', () => {
  const any = fc.oneof(
    fc.constant(opened('1')),
    fc.constant(closed('2')),
    fc.constant(opened('3', 'x')),
  );
  fc.assert(
    fc.property(fc.array(any), (facts) => {
      const view = viewPoint(after(...facts));
      expect(view.holder === null).toBe(view.stage !== 'open');
    }),
  );
});

test('PL-10 a file of places names code and label; official codes say the rest', () => {
  const columns = readPlaceHeader(['code', 'name']);
  if ('kind' in columns && columns.kind === 'refused') throw new Error('header');
  const read = (cells: string[]) => parsePlaceRow(cells, columns);
  expect(read(['310113003001', '宝钢一村居委会'])).toEqual({
    code: '310113003001',
    kind: 'community',
    parent: '310113003',
    labelZh: '宝钢一村居委会',
    labelEn: null,
  });
  expect(read(['T1', '一镇'])).toEqual({ field: 'kind', code: 'places.kind-missing' });
  expect(read(['a/b', '一镇'])).toEqual({ field: 'code', code: 'places.bad-code' });
  expect(read(['310113', ''])).toEqual({ field: 'label_zh', code: 'places.label-missing' });
});

test('PL-10 headers of places are known, single and complete', () => {
  expect(readPlaceHeader(['code', 'name', '面积'])).toMatchObject({
    code: 'places.unknown-header',
  });
  expect(readPlaceHeader(['code', '代码', 'name'])).toMatchObject({ code: 'places.header-twice' });
  expect(readPlaceHeader(['code', 'kind'])).toMatchObject({ code: 'places.header-missing' });
});
