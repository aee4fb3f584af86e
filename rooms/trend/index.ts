export {
  basicLimit,
  type ClearDay,
  clearDays,
  type ClearInput,
  type ClearSpell,
  clearSpells,
  type ClearStage,
} from './clear.ts';
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
export { type DelayFigures, qualityOf, type TrendQuality } from './quality.ts';
export {
  type ClearPolicy,
  type FoundKind,
  foundKinds,
  policyDefaults,
  policySchema,
  type TrendPolicy,
} from './rules.ts';
