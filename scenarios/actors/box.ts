import { minuteMs } from '../../kernel/instant.ts';
import type { Tube } from '../world.ts';

/** A box as it stands on the road, with what is really in it. */
export interface Box {
  readonly label: string;
  readonly place: string;
  readonly sealed: readonly Tube[];
  /** What the laboratory will find: less what fell out, more what was put in by mistake. */
  readonly inside: Tube[];
  readonly broken: Tube[];
  readonly warm: boolean;
}

/** How long a reception that takes so many tubes an hour is busy with a box. */
export function busyMs(tubes: number, tubesPerHour: number): number {
  return Math.ceil((Math.max(1, tubes) / tubesPerHour) * 60 * minuteMs);
}
