import fc from 'fast-check';
import { expect, test } from 'vitest';
import { instant } from '../kernel/instant.ts';
import { parseAnswer, toEnvelope } from './wire.ts';

const whole = {
  accepted: [{ id: 'fact-0001', receipt: 3 }],
  known: ['fact-0002'],
  refused: [{ index: 2, id: null, code: 'ledger.malformed-fact', where: '/at', detail: 'number' }],
  lamport: 12,
  now: 1_649_000_000_000,
  batchMax: 500,
};

test('L16 an answer is read as headquarters wrote it, and more may stand in it', () => {
  expect(parseAnswer({ ...whole, newer: { than: 'this' } })).toEqual(whole);
  const { now: _now, batchMax: _batchMax, ...older } = whole;
  expect(parseAnswer(older)).toEqual({ ...whole, now: null, batchMax: null });
});

test('L16 what is no answer of headquarters delivers nothing', () => {
  const bad = ['<html>sign in</html>', null, [], {}, { ...whole, accepted: 'all' }];
  const worse = [
    { ...whole, known: [1] },
    { ...whole, lamport: -1 },
    { ...whole, lamport: 1e300 },
  ];
  const worst = [
    { ...whole, refused: [{ id: 'x' }] },
    { ...whole, accepted: [{ id: 'x' }] },
  ];
  expect([...bad, ...worse, ...worst].map(parseAnswer)).toEqual(Array(10).fill(null));
});

test('L16 anything at all is read without a failure', () => {
  fc.assert(
    fc.property(fc.anything(), (value) => {
      const answer = parseAnswer(value);
      expect(answer === null || Array.isArray(answer.accepted)).toBe(true);
    }),
  );
});

test('L16 a fact travels without what only a server adds', () => {
  const numbers = { deviceId: 'f1', deviceSeq: 1, lamport: 1, at: instant(1) };
  const said = { id: 'f1.act-1.0', kind: 'a.b', subject: 'tube:T1', place: 'p', body: {} };
  const fact = { ...said, ...numbers, actor: 'li', receipt: 4 };
  expect(toEnvelope(fact)).toEqual({ ...said, ...numbers });
});
