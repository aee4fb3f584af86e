import { type Static, Type } from 'typebox';
import type { LaboratoryCode } from './codes.ts';

/**
 * A plate of 96 wells.
 *
 * *unknown*: what is on it is not on record. *loaded*: tubes and controls are in its wells. *read*:
 * an instrument has measured it; calls can be seen and count for nothing yet. *signed*: a second
 * person stands for the calls. *rejected*: it counts for nothing and its tubes go on another.
 */
export const plateStages = ['unknown', 'loaded', 'read', 'signed', 'rejected'] as const;
export type PlateStage = (typeof plateStages)[number];

export type PlateAct = 'load-plate' | 'read-plate' | 'sign-plate' | 'reject-plate' | 'waive-rerun';

/** Rule LA-1. Why an act is refused at a stage; null where the stage does not stand in its way. */
export const refusedAt = {
  'load-plate': {
    unknown: null,
    loaded: 'laboratory.already-loaded',
    read: 'laboratory.already-loaded',
    signed: 'laboratory.already-loaded',
    rejected: 'laboratory.already-loaded',
  },
  'read-plate': {
    unknown: 'laboratory.not-loaded',
    loaded: null,
    read: 'laboratory.already-read',
    signed: 'laboratory.already-signed',
    rejected: 'laboratory.already-rejected',
  },
  'sign-plate': {
    unknown: 'laboratory.not-loaded',
    loaded: 'laboratory.not-read',
    read: null,
    signed: 'laboratory.already-signed',
    rejected: 'laboratory.already-rejected',
  },
  'reject-plate': {
    unknown: 'laboratory.not-loaded',
    loaded: null,
    read: null,
    signed: null,
    rejected: 'laboratory.already-rejected',
  },
  'waive-rerun': {
    unknown: 'laboratory.not-signed',
    loaded: 'laboratory.not-signed',
    read: 'laboratory.not-signed',
    signed: null,
    rejected: null,
  },
} as const satisfies Record<PlateAct, Record<PlateStage, LaboratoryCode | null>>;

const strict = { additionalProperties: false };
const cycles = Type.Number({ minimum: 0.01, maximum: 60 });
const targetName = Type.String({ minLength: 1, maxLength: 40 });
const aliases = Type.Array(targetName, { maxItems: 20 });

/** Rule LA-4. How Ct values become a call. Cycles throughout. */
export const ruleSet = Type.Object(
  {
    id: Type.String({ minLength: 1, maxLength: 40 }),
    /** Targets of the pathogen. */
    targets: Type.Array(
      Type.Object(
        {
          name: targetName,
          /** Other names that instruments and kits use. */
          aliases,
          /** Ct below this is positive. */
          positiveBelowCt: cycles,
          /** Ct from there to below this is grey; from here on, as without a Ct, negative. */
          greyBelowCt: cycles,
        },
        strict,
      ),
      { minItems: 1, maxItems: 8 },
    ),
    /** Shows that there was human material and that the reaction ran; null when a kit has none. */
    internalControl: Type.Union([
      Type.Null(),
      Type.Object({ name: targetName, aliases, ctMax: cycles }, strict),
    ]),
    /** Whether a signal counts only when the internal control ran as well. */
    signalNeedsInternalControl: Type.Boolean(),
    controls: Type.Object(
      {
        positiveWellsMin: Type.Integer({ minimum: 0, maximum: 96 }),
        negativeWellsMin: Type.Integer({ minimum: 0, maximum: 96 }),
        /** Every target of a positive control lies between these. */
        positiveCtMin: cycles,
        positiveCtMax: cycles,
      },
      strict,
    ),
  },
  strict,
);
export type RuleSet = Static<typeof ruleSet>;
export type Target = RuleSet['targets'][number];

export const policySchema = Type.Object(
  {
    ruleSet,
    /** Runs after which a tube that fails of itself is invalid for good. */
    attemptsMax: Type.Integer({ minimum: 1, maximum: 20 }),
    /** Minutes from loading to reading. */
    readMinutesMax: Type.Integer({ minimum: 1 }),
    /** Minutes from reading to the second person's signature. */
    signMinutesMax: Type.Integer({ minimum: 1 }),
    /** Minutes from signature to release of the results. */
    releaseMinutesMax: Type.Integer({ minimum: 1 }),
    /** Minutes from an invalid call, or a rejected plate, to the tube on another plate. */
    rerunMinutesMax: Type.Integer({ minimum: 1 }),
  },
  strict,
);
export type LaboratoryPolicy = Static<typeof policySchema>;

/**
 * The rule set until a laboratory sets its kit's own.
 *
 * [R] Cut-offs: the national technical guide as re-posted (pandobio.com): no Ct or Ct 40 negative,
 * Ct < 37 positive, 37 to 40 grey; both targets for a positive, one alone is not confirmed; the
 * kit's leaflet goes first. Kits differ: < 37 or <= 38, grey to 40 [V] PMC7843276, table 1.
 */
export const nationalRuleSet: RuleSet = {
  id: 'national-2022',
  targets: [
    {
      name: 'ORF1ab',
      aliases: ['ORF1a/b', 'ORF1', 'ORF 1ab gene', 'ORF1ab基因', 'RdRp'],
      positiveBelowCt: 37,
      greyBelowCt: 40,
    },
    {
      name: 'N',
      aliases: ['N gene', 'N基因', 'N1', 'NP'],
      positiveBelowCt: 37,
      greyBelowCt: 40,
    },
  ],
  internalControl: {
    name: 'IC',
    aliases: ['Internal Control', 'RNase P', 'RP', 'RPP30', 'MS2', 'HEX-IC', '内标', '内标基因'],
    // [B] Leaflets say 35 to 40.
    ctMax: 38,
  },
  // [V] US CDC panel, CDC-006-00019: with virus found, RNase P "may or may not be positive" and
  // the result is valid, because much virus starves the control.
  signalNeedsInternalControl: false,
  controls: {
    // [B] What leaflets ask of every run: at least one of each.
    positiveWellsMin: 1,
    negativeWellsMin: 1,
    // [B] Earlier than 10 cycles is a spill, later than 35 a failing reagent.
    positiveCtMin: 10,
    positiveCtMax: 35,
  },
};

/** Settings until a place sets its own. Marks: [V] read, [R] re-posting, [B] own choice. */
export const policyDefaults: LaboratoryPolicy = {
  ruleSet: nationalRuleSet,
  // [B] One repeat, then a new sample: what leaflets ask for an invalid well.
  attemptsMax: 2,
  // [B] Extraction and about 100 minutes of cycling, with an hour to spare.
  readMinutesMax: 240,
  // [B] Looking through 94 curves takes minutes; within the hour of reading.
  signMinutesMax: 60,
  // [V] State Council rule of April 2020: a positive is reported directly within 2 h (FACTS §2).
  releaseMinutesMax: 120,
  // [B] The next plate but one.
  rerunMinutesMax: 240,
};
