import type { Room } from '../../ledger/room.ts';
import { policyDefaults, policySchema } from './rules.ts';

/** 研判: reads what the other rooms record; nobody puts anything on record here. */
export const trend: Room = {
  name: 'trend',
  codes: {},
  label: { en: 'Trend', zh: '研判' },
  policySchema,
  policyDefaults,
  subjects: [],
  acts: {},
};

export {
  basicLimit,
  type ClearDay,
  clearDays,
  type ClearInput,
  type ClearSpell,
  clearSpells,
  type ClearStage,
} from './clear.ts';
export type { Cluster, ClusterFigures } from './clusters.ts';
export type {
  DayQuantiles,
  Estimates,
  NoEstimate,
  NowcastDay,
  ReproductionDay,
  TriangleRows,
} from './estimates.ts';
export {
  countIncidence,
  type DateKind,
  dateKinds,
  type IncidenceTable,
  type ParentOf,
  seriesOf,
  type TrendCase,
  type TrendEntry,
  type TrendSpan,
} from './incidence.ts';
export type { RoundPositivity } from './positivity.ts';
export { type DelayFigures, qualityOf, type TrendQuality } from './quality.ts';
export {
  type ClearPolicy,
  type FoundKind,
  foundKinds,
  policyDefaults,
  policySchema,
  type TrendPolicy,
} from './rules.ts';
export type { PlaceStanding } from './standings.ts';
export type { HandOverDelay, TimelinessPart } from './timeliness.ts';
export type { IncidenceFigures, RecentCount, TrendFigures } from './trend.ts';
