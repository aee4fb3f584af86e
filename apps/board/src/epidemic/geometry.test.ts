import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  bandPath,
  dayTicks,
  linePath,
  logShare,
  niceTicks,
  scaleOf,
  shadeOf,
  stacked,
  stepBandPath,
} from './geometry.ts';
import { drawMap, placeLabels } from './map-geometry.ts';

const frame = { width: 400, height: 200, left: 40, right: 10, top: 10, bottom: 20 };

test('days stand side by side in the frame, and a position leads back to its day', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 200 }), fc.nat(199), (count, pick) => {
      const scale = scaleOf(frame, count, 10);
      const index = pick % count;
      expect(scale.indexAt(scale.x(index))).toBe(index);
      expect(scale.x(index)).toBeGreaterThanOrEqual(frame.left);
      expect(scale.x(index)).toBeLessThanOrEqual(frame.width - frame.right);
    }),
  );
  const scale = scaleOf(frame, 7, 10);
  expect([scale.indexAt(-50), scale.indexAt(900)]).toEqual([0, 6]);
});

test('nothing stands on the axis, the most at the top, and what is beyond is held there', () => {
  const { y } = scaleOf(frame, 7, 10);
  expect([y(0), y(10), y(25), y(-1)]).toEqual([180, 10, 10, 180]);
});

test('ticks are round, begin at 0, and the last is at or above the most', () => {
  expect(niceTicks(7)).toEqual([0, 2, 4, 6, 8]);
  expect(niceTicks(2.4, 4, false)).toEqual([0, 1, 2, 3]);
  expect(niceTicks(0)).toEqual([0, 1]);
  fc.assert(
    fc.property(fc.double({ min: 0.001, max: 1e7, noNaN: true }), (most) => {
      const ticks = niceTicks(most, 4, false);
      expect(ticks[0]).toBe(0);
      expect(ticks.at(-1)).toBeGreaterThanOrEqual(most * (1 - 1e-8));
      expect(ticks.length).toBeLessThanOrEqual(12);
    }),
  );
});

test('the names of days never touch, and the last day is always named', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 200 }),
      fc.double({ min: 1.1, max: 60, noNaN: true }),
      (count, step) => {
        const ticks = dayTicks(count, step);
        expect(ticks.at(-1)).toBe(count - 1);
        ticks.slice(1).forEach((tick, index) => {
          expect((tick - (ticks[index] ?? 0)) * step).toBeGreaterThanOrEqual(58);
        });
      },
    ),
  );
});

test('a band goes along its top and back along its bottom, and a line breaks where nothing is', () => {
  const scale = scaleOf({ ...frame, left: 0, right: 0, top: 0, bottom: 0 }, 4, 200);
  const band = [
    { index: 0, low: 50, high: 100 },
    { index: 1, low: 0, high: 200 },
  ];
  expect(bandPath(band, scale)).toBe('M50,100L150,0L150,200L50,150Z');
  expect(bandPath([], scale)).toBe('');
  expect(stepBandPath(band.slice(0, 1), scale)).toBe('M0,100L100,100L100,150L0,150Z');
  const line = [100, null, 50, 0].map((value, index) => ({ index, value }));
  expect(linePath(line, scale)).toBe('M50,100M250,150L350,200');
});

test('shades grow with the count and tell small ones from none', () => {
  expect([shadeOf(0, 9), shadeOf(1, 9), shadeOf(9, 9), shadeOf(4, 0)]).toEqual([0, 1 / 3, 1, 0]);
});

test('on a logarithmic axis ten times is always as far', () => {
  expect(logShare(10, 1, 1000)).toBeCloseTo(1 / 3);
  expect([logShare(0.1, 1, 1000), logShare(1e6, 1, 1000)]).toEqual([0, 1]);
});

test('stacked columns lie on each other and end at the sum', () => {
  expect(
    stacked([
      [1, 2],
      [3, 0],
    ]),
  ).toEqual([
    [
      [0, 1],
      [0, 2],
    ],
    [
      [1, 4],
      [2, 2],
    ],
  ]);
});

const shape = (place: string, longitude: number, latitude: number, outline: object | null) => {
  return { place, longitude, latitude, outline: outline as never, source: 'made for tests' };
};

test('a map keeps its shape: north up, a kilometre as long across as up, all within the box', () => {
  const box = { width: 500, height: 300, margin: 10 };
  const { places, perKilometre } = drawMap(
    [shape('a', 121.4, 31.4, null), shape('b', 121.5, 31.4, null), shape('c', 121.4, 31.5, null)],
    box,
  );
  const [a, b, c] = places;
  expect(c?.y).toBeLessThan(a?.y ?? 0);
  expect(b?.x).toBeGreaterThan(a?.x ?? 0);
  // A tenth of a degree of latitude is 11.12 km; of longitude at 31.45 degrees 9.49 km.
  expect((a?.y ?? 0) - (c?.y ?? 0)).toBeCloseTo(11.1195 * perKilometre);
  expect((b?.x ?? 0) - (a?.x ?? 0)).toBeCloseTo(9.486 * perKilometre, 1);
  for (const { x, y } of places) {
    expect(x).toBeGreaterThanOrEqual(10);
    expect(x).toBeLessThanOrEqual(490);
    expect(y).toBeGreaterThanOrEqual(10);
    expect(y).toBeLessThanOrEqual(290);
  }
});

test('a place without an outline is on the map by its point, one alone in the middle', () => {
  const ring = [
    [121.4, 31.4],
    [121.5, 31.4],
    [121.5, 31.5],
    [121.4, 31.4],
  ];
  const { places } = drawMap(
    [
      shape('a', 121.47, 31.43, { type: 'Polygon', coordinates: [ring] }),
      shape('b', 121.45, 31.45, null),
    ],
    { width: 100, height: 100, margin: 0 },
  );
  expect(places[0]?.path).toMatch(/^M[\d.,L]+Z$/);
  expect(places[1]?.path).toBeNull();
  const alone = drawMap([shape('a', 121, 31, null)], { width: 100, height: 60, margin: 0 });
  expect(alone.places).toHaveLength(1);
  expect(drawMap([], { width: 10, height: 10, margin: 0 }).places).toEqual([]);
});

test('of two names that would touch the one of more infections is written', () => {
  const label = (place: string, x: number, y: number, weight: number) => {
    return { place, x, y, width: 60, weight };
  };
  const near = [label('a', 100, 50, 3), label('b', 130, 54, 9), label('c', 300, 50, 0)];
  expect(placeLabels(near)).toEqual(new Set(['b', 'c']));
  expect(placeLabels([])).toEqual(new Set());
});
