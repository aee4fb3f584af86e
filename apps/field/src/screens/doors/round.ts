import type { FieldRoster } from '../../../../../adapters/device/types.ts';
import { openRounds, useStation } from '../sampling/station.ts';

/** The round that this phone works for: that of its station, else the first that is open. */
export function useRound(roster: FieldRoster): string {
  const [station] = useStation(roster);
  return station.round === '' ? (openRounds(roster)[0]?.id ?? '') : station.round;
}
