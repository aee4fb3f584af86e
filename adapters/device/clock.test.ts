import { describe, expect, test } from 'vitest';
import { DeviceClock } from './clock.ts';

const hour = 3_600_000;

/** Two clocks that are turned by hand. */
function clocks(wall: number): { wall: number; run: number; pass: (ms: number) => void } {
  const hands = {
    wall,
    run: 0,
    pass: (ms: number) => {
      hands.wall += ms;
      hands.run += ms;
    },
  };
  return hands;
}

function clockOf(hands: { wall: number; run: number }, aheadMs: number | null = null): DeviceClock {
  const given = { wall: () => hands.wall, monotonic: () => hands.run };
  return new DeviceClock(given, aheadMs === null ? null : { aheadMs });
}

describe('the clock of a device', () => {
  test('it dates by its own time until headquarters has answered, then by headquarters’', () => {
    const hands = clocks(10 * hour);
    const clock = clockOf(hands);
    expect([clock.now(), clock.aheadMs]).toEqual([10 * hour, null]);
    expect(clock.learn(7 * hour)).toEqual({ aheadMs: 3 * hour });
    hands.pass(hour);
    expect([clock.now(), clock.aheadMs]).toEqual([8 * hour, 3 * hour]);
  });

  test('set back while the program runs, it dates as before and says how far it is off', () => {
    const hands = clocks(10 * hour);
    const clock = clockOf(hands, 0);
    hands.wall -= 4 * hour;
    hands.pass(1000);
    expect([clock.now(), clock.aheadMs]).toEqual([10 * hour + 1000, -4 * hour]);
  });

  test('a sleep, in which the running clock stood still, is time that passed', () => {
    const hands = clocks(10 * hour);
    const clock = clockOf(hands, 0);
    hands.wall += 8 * hour;
    expect([clock.now(), clock.aheadMs]).toEqual([18 * hour, 0]);
  });

  test('what was learnt counts after a restart, and no date is before 1970', () => {
    expect(clockOf(clocks(10 * hour), 2 * hour).now()).toBe(8 * hour);
    expect(clockOf(clocks(hour), 2 * hour).now()).toBe(0);
  });
});
