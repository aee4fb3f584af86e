import type { TrendFigures } from '../../../../rooms/trend/index.ts';
import type { Words } from '../api/types.ts';

/** The reply of `/v1/trend`: the room's figures, with names and how fresh they are. */
export interface TrendReply extends Omit<TrendFigures, 'place'> {
  readonly asOf: string;
  readonly receipt: number;
  readonly place: { readonly code: string; readonly kind: string; readonly label: Words };
  readonly labels: { readonly [code: string]: Words };
}
