import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  initialOutbox,
  type OutboxEffect,
  type OutboxEvent,
  type OutboxState,
  type OutboxStep,
  type SendFailure,
  step,
} from './outbox.ts';
import { defaultPace, restMs, sizeAfter } from './outbox-pace.ts';
import type { FactsAnswer } from './wire.ts';

const at = (now: number, draw = 0.5) => ({ now, draw });
const answerOf = (change: Partial<FactsAnswer> = {}): FactsAnswer => ({
  accepted: [],
  known: [],
  refused: [],
  lamport: 7,
  now: 5,
  batchMax: 500,
  ...change,
});
const accepting = (...ids: string[]): FactsAnswer =>
  answerOf({ accepted: ids.map((id, index) => ({ id, receipt: index + 1 })) });
const failure = (status: number | null, change: Partial<SendFailure> = {}): SendFailure => ({
  status,
  timedOut: false,
  code: `http.${status}`,
  detail: '',
  retryAfterMs: null,
  ...change,
});

/** An outbox whose first batch is on its way at 0 ms. */
const sending = (): OutboxState => step(initialOutbox(), { kind: 'kept' }, at(0)).state;
const answered = (state: OutboxState, sent: string[], answer: FactsAnswer, now = 100): OutboxStep =>
  step(state, { kind: 'answered', batch: state.batch, sent, answer, tookMs: now }, at(now));
const failed = (state: OutboxState, sent: string[], why: SendFailure, now = 100): OutboxStep =>
  step(state, { kind: 'failed', batch: state.batch, sent, failure: why }, at(now));
const sizeOf = ({ effects }: OutboxStep): number | null =>
  effects.flatMap((effect) => (effect.kind === 'send' ? [effect.sizeMax] : []))[0] ?? null;
const settled = ({ effects }: OutboxStep) =>
  effects.flatMap((effect) => (effect.kind === 'settle' ? [effect.settlement] : []));

describe('L15 one batch at a time', () => {
  test('L15 what is kept while a batch is on its way sends nothing, and is not forgotten', () => {
    const { state, effects } = step(sending(), { kind: 'kept' }, at(1));
    expect(effects).toEqual([]);
    const drained = step(state, { kind: 'drained', batch: 1 }, at(2));
    expect(drained.effects).toEqual([{ kind: 'send', batch: 2, sizeMax: defaultPace.sizeFirst }]);
  });

  test('L15 the answer to a batch that was given up changes nothing', () => {
    const resting = failed(sending(), ['a'], failure(null, { timedOut: true })).state;
    const again = step(resting, { kind: 'woken' }, at(10_000)).state;
    const late: OutboxEvent = {
      kind: 'answered',
      batch: 1,
      sent: ['a'],
      answer: accepting('a'),
      tookMs: 1,
    };
    expect(step(again, late, at(10_001))).toEqual({ state: again, effects: [] });
  });

  test('L15 whatever happens, only a state that sends nothing begins to send', () => {
    const kinds = ['kept', 'woken', 'online', 'offline', 'signed-in', 'retried'] as const;
    const push = fc.constantFrom(...kinds).map((kind): Drawn => ({ kind }));
    const back = fc.constantFrom(null, 200, 400, 401, 413, 500, 503).map((status): Drawn => {
      return { kind: 'back', status };
    });
    fc.assert(
      fc.property(fc.array(fc.oneof(push, back), { maxLength: 60 }), (drawn) => {
        let state = initialOutbox();
        let now = 0;
        for (const each of drawn) {
          now += 700;
          const before = state;
          const moved = step(state, eventOf(each, state), at(now));
          state = moved.state;
          const sends = moved.effects.filter(({ kind }) => kind === 'send');
          expect(sends.length).toBe(
            state.phase === 'sending' && state.batch > before.batch ? 1 : 0,
          );
          if (before.phase === 'sending' && each.kind !== 'back') expect(sends).toEqual([]);
          expect(state.nextTryAt === null).toBe(state.phase !== 'resting');
          expect(state.phase === 'stopped').toBe(state.stoppedBy !== null);
        }
      }),
    );
  });
});

type Drawn =
  | { readonly kind: 'kept' | 'woken' | 'online' | 'offline' | 'signed-in' | 'retried' }
  | { readonly kind: 'back'; readonly status: number | null };

function eventOf(drawn: Drawn, { batch }: OutboxState): OutboxEvent {
  if (drawn.kind !== 'back') return drawn;
  const sent = ['a', 'b'];
  if (drawn.status !== 200) return { kind: 'failed', batch, sent, failure: failure(drawn.status) };
  return { kind: 'answered', batch, sent, answer: accepting('a', 'b'), tookMs: 50 };
}

describe('L16 delivered only when headquarters said so', () => {
  test('L16 each item is settled as the answer says, and others are not', () => {
    const answer = answerOf({
      accepted: [{ id: 'a', receipt: 9 }],
      known: ['b', 'stranger'],
      refused: [{ index: 2, id: 'c', code: 'ledger.id-reused', where: '/id', detail: 'other' }],
    });
    const [settlement] = settled(answered(sending(), ['a', 'b', 'c', 'd'], answer));
    expect(settlement).toEqual({
      delivered: [
        { id: 'a', receipt: 9 },
        { id: 'b', receipt: null },
      ],
      setAside: [{ id: 'c', code: 'ledger.id-reused', where: '/id', detail: 'other' }],
      lamport: 7,
      now: 5,
    });
  });

  test('L16 a refusal that names another item than stood there settles nothing', () => {
    const refused = [{ index: 0, id: 'b', code: 'x.y', where: '', detail: '' }];
    const [settlement] = settled(answered(sending(), ['a', 'b'], answerOf({ refused })));
    expect(settlement?.setAside).toEqual([]);
  });

  test('L16 an item that five answers pass over is set aside; a rest lies between them', () => {
    let state = sending();
    for (let round = 1; round < defaultPace.silencesMax; round++) {
      const passed = answered(state, ['a'], answerOf(), round * 1e6);
      expect(passed.state.phase).toBe('resting');
      state = step(passed.state, { kind: 'woken' }, at(round * 1e6 + 400_000)).state;
    }
    const [settlement] = settled(answered(state, ['a'], answerOf(), 1e7));
    expect(settlement?.setAside).toMatchObject([{ id: 'a', code: 'outbox.unanswered' }]);
  });
});

test('L16 an item that was set aside for another reason and is sent again begins anew', () => {
  const resting = answered(sending(), ['a'], answerOf()).state;
  const again = step(resting, { kind: 'woken' }, at(1e6)).state;
  expect([...again.silences.keys()]).toEqual(['a']);
  expect(failed(again, ['a'], failure(403), 1e6).state.silences.size).toBe(0);
});

/** Sends a queue through the machine; the world answers each batch. Gives what was set aside. */
function drain(queue: string[], world: (batch: string[]) => FactsAnswer | SendFailure): Drained {
  const setAside: string[] = [];
  let posts = 0;
  let now = 0;
  let waiting = queue;
  let { state, effects } = step(initialOutbox(), { kind: 'kept' }, at(0));
  while (state.phase !== 'idle' && posts < 2_000) {
    let event: OutboxEvent = { kind: 'woken' };
    now = Math.max(now, state.nextTryAt ?? 0) + 1;
    const send = effects.find((effect) => effect.kind === 'send');
    if (send !== undefined) {
      const sent = waiting.slice(0, send.sizeMax);
      const { batch } = send;
      posts += 1;
      const said = sent.length === 0 ? null : world(sent);
      if (said === null) event = { kind: 'drained', batch };
      else if ('status' in said) event = { kind: 'failed', batch, sent, failure: said };
      else event = { kind: 'answered', batch, sent, answer: said, tookMs: 10 };
    }
    ({ state, effects } = step(state, event, at(now)));
    for (const effect of effects) waiting = afterSettling(waiting, effect, setAside);
  }
  return { setAside, waiting, posts };
}

function afterSettling(waiting: string[], effect: OutboxEffect, setAside: string[]): string[] {
  if (effect.kind !== 'settle') return waiting;
  const { delivered, setAside: aside } = effect.settlement;
  setAside.push(...aside.map(({ id }) => id));
  const gone = new Set([...delivered, ...aside].map(({ id }) => id));
  return waiting.filter((id) => !gone.has(id));
}

interface Drained {
  readonly setAside: string[];
  readonly waiting: string[];
  readonly posts: number;
}

describe('L17 one bad item never blocks the rest', () => {
  const queue = Array.from({ length: 300 }, (_, index) => `fact-${index}`);

  test.each([400, 403, 413, 500])(
    'L17 items behind a whole refusal of %i are found alone',
    (status) => {
      fc.assert(
        fc.property(fc.uniqueArray(fc.nat(299), { minLength: 1, maxLength: 6 }), (bad) => {
          const cursed = new Set(bad.map((index) => `fact-${index}`));
          const { setAside, waiting, posts } = drain([...queue], (batch) =>
            batch.some((id) => cursed.has(id)) ? failure(status) : accepting(...batch),
          );
          expect(new Set(setAside)).toEqual(cursed);
          expect(waiting).toEqual([]);
          // Halving finds one of n in log2 n steps; a fault is tried thrice at each.
          expect(posts).toBeLessThan(20 + cursed.size * 3 * 20);
        }),
        { numRuns: 30 },
      );
    },
  );

  test('L17 a server that takes four at once is found out by halving', () => {
    const { waiting, posts } = drain([...queue], (batch) =>
      batch.length > 4 ? failure(null, { timedOut: true }) : accepting(...batch),
    );
    expect(waiting).toEqual([]);
    expect(posts).toBeLessThan(600);
  });

  test('L17 when everything is refused alone, items are set aside slowly', () => {
    let state = sending();
    const phases = Array.from({ length: defaultPace.loneRefusalsMax }, (_, index) => {
      ({ state } = failed(state, [`fact-${index}`], failure(403)));
      return state.phase;
    });
    expect(phases.slice(0, -1).every((phase) => phase === 'sending')).toBe(true);
    expect(phases.at(-1)).toBe('resting');
  });
});

describe('L18 an outbox never presses', () => {
  test('L18 rests grow from a second to five minutes and are drawn', () => {
    const rests = Array.from({ length: 20 }, (_, index) =>
      restMs(defaultPace, { failures: index + 1, draw: 0.999 }),
    );
    // 2 s, 4 s, 8 s … until the ceiling; the draw stands just below one.
    expect(rests.slice(0, 3)).toEqual([1_998, 3_996, 7_992]);
    expect(rests.at(-1)).toBe(299_700);
    expect(restMs(defaultPace, { failures: 20, draw: 0 })).toBe(defaultPace.restMsMin);
  });

  test('L18 a server is not called before the time it asked for, but within an hour', () => {
    const asked = failure(503, { retryAfterMs: 600_000 });
    const { state } = failed(sending(), ['a'], asked);
    expect(state.nextTryAt).toBe(600_100);
    expect(step(state, { kind: 'online' }, at(5_000)).state.nextTryAt).toBe(600_100);
    const absurd = failed(sending(), ['a'], failure(503, { retryAfterMs: 1e15 })).state;
    expect(absurd.nextTryAt).toBe(100 + defaultPace.retryAfterMsMax);
  });

  test('L18 a success forgets the failures; a push from outside keeps the shortest rest', () => {
    const { state } = failed(sending(), ['a'], failure(null));
    expect(step(state, { kind: 'online' }, at(200)).state.nextTryAt).toBe(defaultPace.restMsMin);
    const again = step(state, { kind: 'online' }, at(1_000)).state;
    expect(again.phase).toBe('sending');
    expect(answered(again, ['a'], accepting('a')).state.failures).toBe(0);
  });

  test('L18 a timer that rings early is set again, and a wrong hint holds up nothing for ever', () => {
    const offline = step(initialOutbox(), { kind: 'offline' }, at(0)).state;
    const resting = step(offline, { kind: 'kept' }, at(0)).state;
    expect(resting).toMatchObject({ phase: 'resting', nextTryAt: defaultPace.restMsMax });
    expect(step(resting, { kind: 'woken' }, at(5)).effects).toEqual([
      { kind: 'wake', at: defaultPace.restMsMax },
    ]);
    expect(step(resting, { kind: 'woken' }, at(300_000)).state.phase).toBe('sending');
  });

  test('L18 signed out it sends nothing until somebody signs in', () => {
    const { state } = failed(sending(), ['a'], failure(401));
    expect(state).toMatchObject({ phase: 'stopped', stoppedBy: 'signed-out' });
    for (const kind of ['kept', 'woken', 'online', 'retried'] as const) {
      expect(step(state, { kind }, at(1e6)).effects).toEqual([]);
    }
    expect(sizeOf(step(state, { kind: 'signed-in' }, at(1e6)))).toBe(defaultPace.sizeFirst);
  });

  test('L18 batches grow while they are quick and full, halve when slow, never beyond the most', () => {
    const quick = { size: 50, sent: 50, tookMs: 300 };
    expect(sizeAfter(defaultPace, quick)).toBe(100);
    expect(sizeAfter(defaultPace, { ...quick, sent: 49 })).toBe(50);
    expect(sizeAfter(defaultPace, { ...quick, tookMs: 3_000 })).toBe(50);
    expect(sizeAfter(defaultPace, { ...quick, tookMs: 5_000 })).toBe(25);
    const most = defaultPace.sizeMax;
    expect(sizeAfter(defaultPace, { size: most - 20, sent: most - 20, tookMs: 1 })).toBe(most);
    const told = answered(sending(), ['a'], { ...accepting('a'), batchMax: 7 });
    expect(sizeOf(told)).toBe(7);
  });
});
