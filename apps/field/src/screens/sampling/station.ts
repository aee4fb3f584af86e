import type { FieldPoint, FieldRoster, FieldRound } from '../../../../../adapters/device/types.ts';
import { useKept } from '../../app/kept.ts';

/** What stays the same from tube to tube at one table. */
export interface Station {
  readonly round: string;
  readonly point: string;
  readonly poolSize: number;
}

const none: Station = { round: '', point: '', poolSize: 0 };

/** Rounds that are open. */
export function openRounds({ rounds }: FieldRoster): readonly FieldRound[] {
  return rounds.filter(({ stage }) => stage === 'open');
}

/** Points where samples are taken. */
export function samplingPoints({ points }: FieldRoster): readonly FieldPoint[] {
  return points.filter(({ kind }) => kind === 'sampling');
}

/** FA-3. The station of this phone; what is the only choice is chosen already. */
export function settle(kept: Station, roster: FieldRoster): Station {
  const rounds = openRounds(roster);
  const points = samplingPoints(roster);
  const round = rounds.find(({ id }) => id === kept.round) ?? onlyOne(rounds);
  const point = points.find(({ id }) => id === kept.point) ?? onlyOne(points);
  const own = round !== undefined && round.id === kept.round ? kept.poolSize : 0;
  return {
    round: round?.id ?? '',
    point: point?.id ?? '',
    poolSize: own === 0 ? (round?.poolSize ?? 0) : own,
  };
}

function onlyOne<T>(list: readonly T[]): T | undefined {
  return list.length === 1 ? list[0] : undefined;
}

/** Whether tubes can be opened at it. */
export function isReady({ round, point, poolSize }: Station): boolean {
  return round !== '' && point !== '' && poolSize > 0;
}

/** The station, kept from tube to tube and day to day. */
export function useStation(roster: FieldRoster): [Station, (next: Station) => void] {
  const [kept, setKept] = useKept('station', none);
  return [settle(kept, roster), setKept];
}
