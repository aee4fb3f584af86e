import type { Json, Words } from '../api/types.ts';

/** The reply of `/v1/trend`, as the charts read it. Days are written `YYYY-MM-DD`. */
export interface TrendReply {
  readonly asOf: string;
  readonly receipt: number;
  readonly until: string;
  readonly population: number | null;
  readonly place: { readonly code: string; readonly kind: string; readonly label: Words };
  readonly labels: { readonly [code: string]: Words };
  readonly quality: TrendQuality;
  readonly incidence: Incidence;
  readonly estimates: Estimates;
  readonly standings: readonly Standing[];
  readonly rule: {
    readonly days: number;
    readonly basicDays: number;
    readonly basicPer100k: number;
  };
  readonly serialInterval: { readonly meanDays: number; readonly sdDays: number };
  readonly recent: readonly RecentCount[];
  readonly clusters: Clusters;
  readonly positivity: readonly Positivity[];
  readonly delays: readonly HandOverDelay[];
  readonly timeliness: readonly TimelinessPart[];
}

export interface TrendQuality {
  readonly infections: number;
  readonly reinfections: number;
  readonly shareUndated: { readonly onset: number | null; readonly sampled: number | null };
  readonly shareFoundUnknown: number | null;
  readonly contradictions: number;
  readonly outOfOrder: number;
  readonly asymptomatic: number;
  readonly unknownOnset: number;
  readonly unreported: number;
  readonly uninvestigated: number;
  readonly onsetToReportDays: { readonly median: number | null };
  readonly sampleToReportDays: { readonly median: number | null };
}

export interface Incidence {
  readonly days: readonly string[];
  readonly onset: readonly number[];
  readonly sampled: readonly number[];
  readonly reported: readonly number[];
  readonly found: { readonly [kind: string]: readonly number[] };
}

export type NoEstimate = 'no-infections' | 'too-few-infections' | 'too-few-days' | 'no-sources';

/** An uncertain figure of one day. */
export interface DayQuantiles {
  readonly on: string;
  readonly q025: number;
  readonly q05: number;
  readonly q25: number;
  readonly median: number;
  readonly q75: number;
  readonly q95: number;
  readonly q975: number;
}

export interface NowcastDay extends DayQuantiles {
  readonly reported: number;
  readonly share: number;
}

export interface ReproductionDay extends DayQuantiles {
  readonly from: string;
  readonly mean: number;
  readonly provisional: boolean;
}

export interface Triangle {
  readonly days: readonly string[];
  readonly delayMax: number;
  readonly counts: readonly (readonly (number | null)[])[];
}

export interface Growth {
  readonly ratePerDay: number;
  readonly rateLow: number;
  readonly rateHigh: number;
  readonly kind: 'doubling' | 'halving';
  readonly days: number;
}

export interface Estimates {
  readonly basis: 'onset' | 'sampled';
  readonly used: number;
  readonly days: readonly string[];
  readonly reported: readonly number[];
  readonly triangle: Triangle | null;
  readonly nowcast: readonly NowcastDay[] | null;
  readonly noNowcast: NoEstimate | null;
  readonly reproduction: readonly ReproductionDay[] | null;
  readonly noReproduction: NoEstimate | null;
  readonly growth: Growth | null;
  readonly forecast: readonly DayQuantiles[] | null;
  readonly noForecast: NoEstimate | null;
}

export type Stage = 'clear' | 'basically-clear' | 'not-clear' | 'unknown';

export interface Standing {
  readonly place: string;
  readonly population: number | null;
  readonly stage: Stage;
  readonly since: string | null;
  readonly daysToClear: number;
  readonly daysToBasic: number | null;
  readonly basicResetAt: number | null;
  readonly lastFoundOn: string | null;
  readonly days: readonly {
    readonly on: string;
    readonly community: number | null;
    readonly all: number | null;
    readonly stage: Stage;
  }[];
}

export interface RecentCount {
  readonly place: string;
  readonly fortnight: number;
  readonly fortnightBefore: number;
  readonly community: number;
}

export interface Cluster {
  readonly places: readonly string[];
  readonly from: string;
  readonly until: string;
  readonly observed: number;
  readonly expected: number;
  readonly relativeRisk: number | null;
  readonly pValue: number;
}

export interface Clusters {
  readonly found: readonly Cluster[] | null;
  readonly reason: 'no-positions' | 'too-few-places' | 'no-infections' | null;
  readonly leftOut: number;
}

export interface Positivity {
  readonly round: string;
  readonly firstAt: number;
  readonly tubes: number;
  readonly persons: number;
  readonly positive: number;
  readonly grey: number;
  readonly invalid: number;
  readonly per100k: number | null;
  readonly per100kLow: number | null;
  readonly per100kHigh: number | null;
}

export interface HandOverDelay {
  readonly from: string;
  readonly to: string;
  readonly count: number;
  readonly open: number;
  readonly medianMinutes: number | null;
  readonly q25Minutes: number | null;
  readonly q75Minutes: number | null;
  readonly q90Minutes: number | null;
}

export interface TimelinessPart {
  readonly part: 'detect' | 'notify' | 'respond';
  readonly limitDays: number;
  readonly inTime: number;
  readonly late: number;
  readonly pending: number;
  readonly unknown: number;
  readonly medianDays: number | null;
}

/** Where a place lies; `outline` is GeoJSON, null where only the point is known. */
export interface PlaceShape {
  readonly place: string;
  readonly longitude: number;
  readonly latitude: number;
  readonly outline: Json;
  readonly source: string;
}
