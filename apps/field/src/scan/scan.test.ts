import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { personLabel } from '../../../../rooms/screening/label.ts';
import { aimedAt, seenRegion } from './aim.ts';
import { BurstCollector, burstRules } from './burst.ts';
import type { FoundCode } from './codes.ts';
import { createFeedback } from './feedback.ts';
import { Once } from './once.ts';
import { characterOf } from './wedge.ts';

describe('a code is told once', () => {
  test('SN-2 it is told when it comes, and not again however long it lies there', () => {
    const once = new Once();
    const told = Array.from({ length: 600 }, (_, index) => once.isNew('T1', index * 100));
    expect(told.filter(Boolean)).toHaveLength(1);
    expect(told[0]).toBe(true);
  });

  test('SN-2 a picture in which the reader misses it does not make it new', () => {
    const once = new Once();
    expect(once.isNew('T1', 0)).toBe(true);
    // Missed for 499 ms again and again, up to a minute.
    for (let at = 499; at < 60_000; at += 499) expect(once.isNew('T1', at)).toBe(false);
  });

  test('SN-2 gone and back after a while it is new, within the first second and a half it is not', () => {
    const quick = new Once();
    quick.isNew('T1', 0);
    expect(quick.isNew('T1', 1400)).toBe(false);
    const slow = new Once();
    slow.isNew('T1', 0);
    expect(slow.isNew('T1', 1500)).toBe(true);
    expect(slow.isNew('T2', 1500)).toBe(true);
  });

  test('SN-2 a hand that shakes between two labels tells each once', () => {
    const once = new Once();
    const told: string[] = [];
    for (let at = 0; at < 10_000; at += 100) {
      const [aimed, other] = at % 700 < 300 ? ['T1', 'T2'] : ['T2', 'T1'];
      once.stays(other, at);
      if (once.isNew(aimed, at)) told.push(aimed);
    }
    expect(told).toEqual(['T1', 'T2']);
  });

  test('SN-2 two tellings of a code are never nearer than the limit, whatever is seen', () => {
    const sights = fc.array(
      fc.record({ text: fc.constantFrom('A', 'B', 'C'), wait: fc.integer({ min: 0, max: 2000 }) }),
      { maxLength: 60 },
    );
    fc.assert(
      fc.property(sights, (seen) => {
        const once = new Once();
        const last = new Map<string, number>();
        let at = 0;
        for (const { text, wait } of seen) {
          at += wait;
          if (!once.isNew(text, at)) continue;
          expect(at - (last.get(text) ?? -Infinity)).toBeGreaterThanOrEqual(1500);
          last.set(text, at);
        }
      }),
    );
  });
});

describe('what is aimed at', () => {
  const code = (text: string, x: number, y: number): FoundCode => ({
    text,
    format: 'qr-code',
    corners: [
      { x, y },
      { x: x + 20, y },
      { x: x + 20, y: y + 20 },
      { x, y: y + 20 },
    ],
  });

  test('SN-3 of several codes the one nearest to the middle is meant', () => {
    const found = [code('side', 10, 40), code('middle', 130, 90), code('low', 150, 180)];
    expect(aimedAt(found, { width: 320, height: 240 })?.text).toBe('middle');
    expect(aimedAt([], { width: 320, height: 240 })).toBeNull();
  });

  test('SN-3 only what the element shows is looked at', () => {
    // 1280 x 720 in a portrait element of 360 x 640: the middle 405 columns are to be seen.
    const shown = { videoWidth: 1280, videoHeight: 720, shownWidth: 360, shownHeight: 640 };
    expect(seenRegion({ ...shown, cover: true })).toEqual({
      x: 437,
      y: 0,
      width: 405,
      height: 720,
    });
    expect(seenRegion({ ...shown, cover: false })).toEqual({
      x: 0,
      y: 0,
      width: 1280,
      height: 720,
    });
    const hidden = { ...shown, shownWidth: 0, shownHeight: 0, cover: true };
    expect(seenRegion(hidden)).toMatchObject({ width: 1280, height: 720 });
  });

  test('SN-3 whatever the sizes, the region lies in the picture', () => {
    const size = fc.integer({ min: 1, max: 4000 });
    fc.assert(
      fc.property(size, size, size, size, (videoWidth, videoHeight, shownWidth, shownHeight) => {
        const region = seenRegion({
          videoWidth,
          videoHeight,
          shownWidth,
          shownHeight,
          cover: true,
        });
        expect(region.x).toBeGreaterThanOrEqual(0);
        expect(region.y).toBeGreaterThanOrEqual(0);
        expect(region.x + region.width).toBeLessThanOrEqual(videoWidth);
        expect(region.y + region.height).toBeLessThanOrEqual(videoHeight);
      }),
    );
  });
});

describe('scanners that type', () => {
  /** Types a text with the same pause before each key; tells what was scanned. */
  function type(text: string, gapMs: number, end: string | null = 'Enter'): string[] {
    const collector = new BurstCollector();
    const scanned: string[] = [];
    let at = 1000;
    for (const key of [...Array.from(text), ...(end === null ? [] : [end])]) {
      const burst = collector.take({ key, at });
      if (burst.kind === 'scanned') scanned.push(burst.text);
      at += gapMs;
    }
    return scanned;
  }

  test('SN-5 fast keys ended by Enter or Tab are a scan, at every speed that scanners have', () => {
    for (const gap of [0, 1, 5, 12, 20, 30]) {
      expect(type('T00004711B', gap)).toEqual(['T00004711B']);
      expect(type('T00004711B', gap, 'Tab')).toEqual(['T00004711B']);
    }
  });

  test('SN-5 the short cards of persons 1 to 9 are scans, other short bursts are not', () => {
    for (let person = 1; person <= 9; person += 1) {
      const card = personLabel(person);
      expect(card).toHaveLength(3);
      expect(type(card, 5)).toEqual([card]);
      // Typed by hand it stays what it is: text in a field.
      expect(type(card, 60)).toEqual([]);
    }
    for (const text of ['P1X', '101', 'abc', 'P1', '']) expect(type(text, 5)).toEqual([]);
  });

  test('SN-5 a person who types is no scanner, nor are fast keys without an end', () => {
    // 60 ms between keys are 200 words a minute.
    for (const gap of [60, 90, 150, 400]) expect(type('T00004711B', gap)).toEqual([]);
    expect(type('T00004711B', 5, null)).toEqual([]);
    expect(type('ab', 5)).toEqual([]);
    expect(type('', 5)).toEqual([]);
  });

  test('SN-5 one slow key of Bluetooth does not break a scan, and a pause before it starts anew', () => {
    const collector = new BurstCollector();
    const keys = Array.from('T0000', (key, index) => ({ key, at: 5 * index }));
    const rest = Array.from('4711B', (key, index) => ({ key, at: 85 + 5 * index }));
    for (const stroke of [...keys, ...rest]) collector.take(stroke);
    expect(collector.take({ key: 'Enter', at: 112 })).toEqual({
      kind: 'scanned',
      text: 'T00004711B',
    });
    const typed = new BurstCollector();
    typed.take({ key: 'x', at: 0 });
    for (const [index, key] of Array.from('T00004711B').entries())
      typed.take({ key, at: 500 + index });
    expect(typed.take({ key: 'Enter', at: 511 })).toEqual({ kind: 'scanned', text: 'T00004711B' });
  });

  test('SN-5 nothing grows without end, and two scans in a row are two', () => {
    expect(type('9'.repeat(1000), 1)[0]?.length).toBeLessThanOrEqual(burstRules.lengthMax);
    const collector = new BurstCollector();
    const told: string[] = [];
    for (const [index, key] of ['T1234', 'B1234']
      .flatMap((text) => [...Array.from(text), 'Enter'])
      .entries()) {
      const burst = collector.take({ key, at: index * 3 });
      if (burst.kind === 'scanned') told.push(burst.text);
    }
    expect(told).toEqual(['T1234', 'B1234']);
  });

  test('SN-6 with a Chinese input method on, keys are told by their place', () => {
    const pressed = (key: string, code: string, isComposing = false): string | null =>
      characterOf({ key, code, isComposing });
    expect(pressed('Process', 'KeyT')).toBe('T');
    expect(pressed('t', 'KeyT', true)).toBe('T');
    expect(pressed('Process', 'Digit4')).toBe('4');
    expect(pressed('Process', 'Numpad7')).toBe('7');
    expect(pressed('Process', 'Minus')).toBe('-');
    expect(pressed('Process', 'Enter')).toBe('Enter');
    expect(pressed('Ｔ', 'KeyT')).toBe('Ｔ');
    expect(pressed('Shift', 'ShiftLeft')).toBeNull();
    expect(pressed('Unidentified', '')).toBeNull();
  });
});

describe('right and wrong', () => {
  interface Heard {
    readonly hertz: number;
    readonly fromMs: number;
    readonly untilMs: number;
  }

  /** As much of a browser's sound as is used, writing down what would be heard. */
  function listen(): { heard: Heard[]; felt: number[]; makeAudio: () => AudioContext } {
    const heard: Heard[] = [];
    const felt: number[] = [];
    const makeAudio = (): AudioContext => {
      let loudness = 0;
      const gain = {
        setValueAtTime: (value: number) => void (loudness = value),
        linearRampToValueAtTime() {},
      };
      const context = {
        state: 'running',
        currentTime: 10,
        destination: {},
        createGain: () => ({ gain, connect: (to: unknown) => to }),
        createOscillator: () => {
          let hertz = 0;
          let from = 0;
          return {
            frequency: { setValueAtTime: (value: number) => void (hertz = value) },
            connect: (to: unknown) => to,
            start: (at: number) => void (from = at),
            stop: (at: number) => {
              if (loudness === 0) return;
              heard.push({ hertz, fromMs: (from - 10) * 1000, untilMs: (at - 10) * 1000 });
            },
          };
        },
      };
      // A stand-in for the browser: it has no sound here.
      return context as unknown as AudioContext;
    };
    return { heard, felt, makeAudio };
  }

  test('SN-7 right is one short high tone and a short buzz, wrong two low tones and a long one', () => {
    const { heard, felt, makeAudio } = listen();
    const feedback = createFeedback({ makeAudio, vibrate: (ms) => felt.push(ms) });
    feedback.right();
    expect(heard).toHaveLength(1);
    const [right] = heard.splice(0);
    feedback.wrong();
    expect(heard).toHaveLength(2);
    const [first, second] = heard;
    for (const low of [first, second]) expect(low?.hertz).toBeLessThan((right?.hertz ?? 0) / 2);
    expect(second?.fromMs).toBeGreaterThan(first?.untilMs ?? 0);
    expect((right?.untilMs ?? 0) - (right?.fromMs ?? 0)).toBeLessThan(120);
    expect(felt).toHaveLength(2);
    expect(felt[1]).toBeGreaterThan(5 * (felt[0] ?? 0));
  });

  test('SN-7 woken by the first touch it makes no sound', () => {
    const { heard, felt, makeAudio } = listen();
    createFeedback({ makeAudio, vibrate: (ms) => felt.push(ms) }).wake();
    expect([heard, felt]).toEqual([[], []]);
  });

  test('SN-7 muted it is felt and not heard', () => {
    const { heard, felt, makeAudio } = listen();
    const feedback = createFeedback({ makeAudio, vibrate: (ms) => felt.push(ms) });
    feedback.mute(true);
    expect(feedback.muted).toBe(true);
    feedback.right();
    feedback.wrong();
    expect(heard).toEqual([]);
    expect(felt).toHaveLength(2);
    feedback.mute(false);
    feedback.right();
    expect(heard).toHaveLength(1);
  });

  test('SN-7 a browser without sound or vibration, or one that forbids them, breaks nothing', () => {
    const none = createFeedback({ makeAudio: null, vibrate: null });
    const forbidden = createFeedback({
      makeAudio: () => {
        throw new Error('no sound');
      },
      vibrate: () => {
        throw new Error('no vibration');
      },
    });
    for (const feedback of [none, forbidden]) {
      feedback.wake();
      feedback.right();
      feedback.wrong();
    }
    expect(none.muted).toBe(false);
  });
});
