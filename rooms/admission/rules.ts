import { type Static, Type } from 'typebox';
import type { Role } from '../../ledger/room.ts';
import type { BedKind } from '../capacity/index.ts';
import { severity, type Severity } from './facts.ts';

const minutes = Type.Integer({ minimum: 1, maximum: 43_200 });

/** The settings of this room. */
export const policySchema = Type.Object(
  {
    utcOffsetMinutes: Type.Integer({ minimum: -840, maximum: 840 }),
    firstStatusMinutes: minutes,
    stepUpMinutes: minutes,
    dischargeMinutes: minutes,
    discharge: Type.Object(
      {
        rule: Type.String({ pattern: '^[a-z0-9][a-z0-9-]{0,39}$' }),
        clearTests: Type.Integer({ minimum: 1, maximum: 10 }),
        hoursApart: Type.Integer({ minimum: 0, maximum: 336 }),
        ctFrom: Type.Number({ minimum: 0, maximum: 60 }),
        targets: Type.Array(Type.String({ pattern: '^[A-Za-z0-9]{1,16}$' }), {
          minItems: 1,
          maxItems: 8,
        }),
        feverFreeDays: Type.Integer({ minimum: 0, maximum: 30 }),
        feverCelsius: Type.Number({ minimum: 35, maximum: 42 }),
        severities: Type.Array(severity, { minItems: 1, maxItems: 5 }),
      },
      { additionalProperties: false },
    ),
  },
  { additionalProperties: false },
);

export type AdmissionPolicy = Static<typeof policySchema>;

export const policyDefaults: AdmissionPolicy = {
  /** Minutes east of UTC that decide on which day something happened: China. */
  utcOffsetMinutes: 480,
  /** AD-3. Minutes from admission to the first status, if the day ends sooner [B]. */
  firstStatusMinutes: 360,
  /** AD-5. Minutes to a bed of the kind that the illness needs: one hour [B]. */
  stepUpMinutes: 60,
  /** AD-7. Minutes from meeting the rule to going home: one day [B]. */
  dischargeMinutes: 1_440,
  discharge: {
    rule: 'two-clear-tests',
    /** AD-6. Two in a row, 24 h apart: Shanghai, conference of 2022-04-21 [V] gzkndz.com. */
    clearTests: 2,
    hoursApart: 24,
    /** AD-6. Negative or Ct >= 35: ninth clinical protocol [V] by CCTV, trader168.com.tw. */
    ctFrom: 35,
    /** AD-6. Both genes; which ones the source does not say [B]. */
    targets: ['ORF1ab', 'N'],
    /** AD-6. "More than three days" without fever [V], same source. */
    feverFreeDays: 3,
    /** AD-6. Fever from 37.3 degrees in the armpit [B]. */
    feverCelsius: 37.3,
    /** AD-6. "Symptoms gone or clearly better" [V], read as mild at most [B]. */
    severities: ['asymptomatic', 'mild'],
  },
};

/** AD-6. Rule word of a discharge when the person has no open case: nothing holds them. */
export const noCaseRule = 'no-open-case';

/** The stages of a stay. */
export const stayStages = ['unknown', 'admitted', 'discharged', 'died'] as const;
export type StayStage = (typeof stayStages)[number];

/** Rule AD-1. Who holds a patient at each stage. Total. */
export const holderAt = {
  unknown: null,
  admitted: 'role:facility',
  discharged: null,
  died: null,
} as const satisfies Record<StayStage, `role:${Role}` | null>;

/** Rule AD-5. Kinds of bed in which each severity can be treated [B]. Total. */
export const bedsFor = {
  asymptomatic: ['isolation', 'fangcang', 'ward', 'icu'],
  mild: ['isolation', 'fangcang', 'ward', 'icu'],
  moderate: ['ward', 'icu'],
  severe: ['ward', 'icu'],
  critical: ['icu'],
} as const satisfies Record<Severity, readonly BedKind[]>;

/** Rule AD-4. Kinds of bed by how much care they give. Total. */
export const careOf = { isolation: 0, fangcang: 1, ward: 2, icu: 3 } as const satisfies Record<
  BedKind,
  number
>;
