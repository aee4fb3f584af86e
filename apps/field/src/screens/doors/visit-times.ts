/** The operation's zone, 480 minutes east of UTC. */
const zoneMs = 480 * 60_000;
const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/** A time by which somebody comes to the door. */
export interface VisitTime {
  readonly key: 'today-evening' | 'tomorrow-morning' | 'tomorrow-evening';
  readonly at: number;
}

/** FA-5. The next three half days in which somebody can come; never one that is over. */
export function visitTimes(now: number): readonly VisitTime[] {
  const midnight = Math.floor((now + zoneMs) / dayMs) * dayMs - zoneMs;
  const times: VisitTime[] = [
    { key: 'today-evening', at: midnight + 20 * hourMs },
    { key: 'tomorrow-morning', at: midnight + dayMs + 12 * hourMs },
    { key: 'tomorrow-evening', at: midnight + dayMs + 20 * hourMs },
  ];
  return times.filter(({ at }) => at > now);
}
