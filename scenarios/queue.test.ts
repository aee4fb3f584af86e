import { expect, test } from 'vitest';
import { instant } from '../kernel/instant.ts';
import { Random } from '../kernel/random.ts';
import { EventQueue } from './queue.ts';

test('things come in the order of their times, and as planned among equals', () => {
  const random = new Random(1);
  const queue = new EventQueue();
  const times = Array.from({ length: 500 }, () => random.below(50));
  const seen: [number, number][] = [];
  times.forEach((time, index) => queue.plan(instant(time), () => seen.push([time, index])));
  while (queue.size > 0) {
    const next = queue.take();
    next.run(next.at);
  }
  const expected = times.map((time, index): [number, number] => [time, index]);
  expected.sort((left, right) => left[0] - right[0] || left[1] - right[1]);
  expect(seen).toEqual(expected);
  expect(queue.nextAt).toBeNull();
});
