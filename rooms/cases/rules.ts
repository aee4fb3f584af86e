import { type Static, Type } from 'typebox';
import { daysBetween, dayOf, parseDay } from '../../kernel/day.ts';
import { instant, type Instant } from '../../kernel/instant.ts';
import type { Account, Link } from '../../ledger/derive.ts';
import type { Role } from '../../ledger/room.ts';

const minutes = Type.Integer({ minimum: 1, maximum: 527_040 });
const days = Type.Integer({ minimum: 0, maximum: 90 });

/** The settings of this room. Every number is a setting, because rules differ by place and week. */
export const policySchema = Type.Object(
  {
    isolateHeldMinutes: minutes,
    isolateContactMinutes: minutes,
    recallMinutes: minutes,
    singleResultMinutes: minutes,
    releaseNegatives: Type.Integer({ minimum: 1, maximum: 5 }),
    interimHoldMinutes: minutes,
    interimBasis: Type.String({ pattern: '^[a-z0-9][a-z0-9-]{0,39}$' }),
    interimResponsible: Type.String({ minLength: 6, maxLength: 70 }),
    interimAppealTo: Type.String({ minLength: 6, maxLength: 70 }),
    releaseMinutes: minutes,
    reportMinutes: minutes,
    investigateMinutes: minutes,
    transferMinutes: minutes,
    admitMinutes: minutes,
    takeInMinutes: minutes,
    treatmentReviewMinutes: minutes,
    contactOfHousehold: Type.Boolean(),
    contactOfTube: Type.Boolean(),
    tubeContactDays: days,
    contactIsolationDays: days,
    contactTestDays: Type.Array(Type.Integer({ minimum: 1, maximum: 90 }), { maxItems: 30 }),
    orderDaysMax: Type.Integer({ minimum: 1, maximum: 90 }),
    needsPlanMinutes: minutes,
    urgentCareMinutes: minutes,
    appealMinutes: minutes,
  },
  { additionalProperties: false },
);

export type CasePolicy = Static<typeof policySchema>;

/** Shanghai, spring 2022, as far as sources were found; the marks are those of the README. */
export const policyDefaults: CasePolicy = {
  /** CA-1. Minutes from hold to isolation on the spot. "At once" in the sources; one hour [B]. */
  isolateHeldMinutes: 60,
  /** CA-6. Minutes from listing to isolation of a contact: 12 h [R], hunanyuer.com 2022-05-18. */
  isolateContactMinutes: 720,
  /** CA-2. Minutes from hold to the single sample. No figure found; 4 h [B]. */
  recallMinutes: 240,
  /** CA-2. Minutes from single sample to result: 6 h, as a fever clinic [R], 53shop.com. */
  singleResultMinutes: 360,
  /** CA-3. Negative singles that release. One [V] youlai.cn; Shanghai wanted two on 04-06 [V]. */
  releaseNegatives: 1,
  /** CA-9. Minutes that a hold may stand without an order of its own: one day [B]. */
  interimHoldMinutes: 1_440,
  /** CA-9. Basis of a hold before an order: the pool-testing rule. */
  interimBasis: 'pool-rule',
  /** CA-9. Who answers for a hold before an order. */
  interimResponsible: 'role:community',
  /** CA-9. Where a hold is appealed before an order names somebody. */
  interimAppealTo: 'role:headquarters',
  /** CA-3. Minutes in which somebody without cause is let out: two hours [B]. */
  releaseMinutes: 120,
  /** CA-4. Minutes to the direct network report: 2 h [V], State Council rule 2020-04. */
  reportMinutes: 120,
  /** CA-4. Minutes to a finished case investigation: 24 h [V], same rule, article 5. */
  investigateMinutes: 1_440,
  /** CA-5. Minutes to the facility: 2 h [B]; the slogan was "at once, cleared daily" [V]. */
  transferMinutes: 120,
  /** CA-5. Minutes from confirmation to a bed: 4 h [B]. */
  admitMinutes: 240,
  /** CA-5. Minutes from arrival at the facility to a bed: one hour [B]. */
  takeInMinutes: 60,
  /** CA-5. Minutes of treatment before a review falls due: 14 days [B]; NECC mean 6.7 [V]. */
  treatmentReviewMinutes: 20_160,
  /** CA-6. Whether the household of a case become contacts: yes [V], img.ccschy.com 2022-10. */
  contactOfHousehold: true,
  /** CA-6. Whether those who shared a tube with a case become contacts: a cautious choice [B]. */
  contactOfTube: true,
  /** CA-6. Days before or after a case's result in which a shared tube counts: 2 [V], same. */
  tubeContactDays: 2,
  /** CA-6. Days of a contact's isolation: 14, eighth edition [V], hd.stheadline.com 2022-06-28. */
  contactIsolationDays: 14,
  /** CA-6. Days on which a contact is tested: 1, 4, 7, 14, eighth edition [V], same. */
  contactTestDays: [1, 4, 7, 14],
  /** CA-8. Longest order, days: 14 closed and 7 monitored [V], same; the bound itself is [B]. */
  orderDaysMax: 21,
  /** CA-8. Minutes from an order to a needs plan: one day [B]. */
  needsPlanMinutes: 1_440,
  /** CA-11. Minutes to answer an urgent need: half an hour [B]. */
  urgentCareMinutes: 30,
  /** CA-12. Minutes to decide an appeal: one day [B]. */
  appealMinutes: 1_440,
};

/** The stages of a person, in the order in which the more pressing one names the person. */
export const caseStages = [
  'unknown',
  'retest',
  'contact',
  'held',
  'confirmed',
  'arrived',
  'admitted',
  'isolated',
  'released',
  'discharged',
  'died',
] as const;
export type CaseStage = (typeof caseStages)[number];

/** Rule CA-13. Who holds the baton at each stage; null where nobody owes this person anything. */
export const holderAt = {
  unknown: null,
  retest: 'role:sampler',
  contact: 'role:community',
  held: 'role:community',
  confirmed: 'role:dispatcher',
  arrived: 'role:facility',
  admitted: 'role:facility',
  isolated: 'role:community',
  released: null,
  discharged: null,
  died: null,
} as const satisfies Record<CaseStage, `role:${Role}` | null>;

/** What can be owed to a person or on their account. */
export const dutyNames = [
  'isolate',
  'recall',
  'await-result',
  'review-hold',
  'review-order',
  'release',
  'report',
  'investigate',
  'transfer',
  'admit',
  'take-in',
  'treat',
  'contact-test',
  'plan-needs',
  'urgent-care',
  'decide-appeal',
] as const;
export type DutyName = (typeof dutyNames)[number];

export interface DutyTerms {
  readonly owner: `role:${Role}`;
  readonly account: Account | null;
  readonly link: Link | null;
  /** Minutes allowed; null where the due time comes from the facts themselves. */
  readonly minutes: ((policy: CasePolicy) => number) | null;
  /**
   * Whether a duty that was met before it arose is still put on record, as done at once. So in
   * the four accounts, which count who should have been and who has been.
   */
  readonly countedWhenMet: boolean;
}

function terms(owner: Role, minutesOf: DutyTerms['minutes'], more: Partial<DutyTerms> = {}) {
  const fixed = { account: null, link: null, countedWhenMet: false } as const;
  return { ...fixed, owner: `role:${owner}`, minutes: minutesOf, ...more } as const;
}

/** Rules CA-1 to CA-12: owner, account and time allowed of each duty. Total. */
export const dutyTerms = {
  isolate: terms('community', null, { account: 'isolate', countedWhenMet: true }),
  recall: terms('sampler', (policy) => policy.recallMinutes, {
    account: 'test',
    countedWhenMet: true,
  }),
  'await-result': terms('laboratory', (policy) => policy.singleResultMinutes),
  'review-hold': terms('community', (policy) => policy.interimHoldMinutes),
  'review-order': terms('community', null),
  release: terms('community', (policy) => policy.releaseMinutes),
  report: terms('headquarters', (policy) => policy.reportMinutes, { link: 'report' }),
  investigate: terms('headquarters', (policy) => policy.investigateMinutes),
  transfer: terms('dispatcher', (policy) => policy.transferMinutes, {
    account: 'isolate',
    link: 'transfer',
    countedWhenMet: true,
  }),
  admit: terms('facility', (policy) => policy.admitMinutes, {
    account: 'admit',
    countedWhenMet: true,
  }),
  // Apart from `admit`, so that nobody stands in the links transfer and admit at once.
  'take-in': terms('facility', (policy) => policy.takeInMinutes, {
    link: 'admit',
    countedWhenMet: true,
  }),
  treat: terms('facility', (policy) => policy.treatmentReviewMinutes, { account: 'treat' }),
  'contact-test': terms('sampler', null, { account: 'test' }),
  'plan-needs': terms('community', (policy) => policy.needsPlanMinutes),
  'urgent-care': terms('dispatcher', (policy) => policy.urgentCareMinutes),
  'decide-appeal': terms('headquarters', (policy) => policy.appealMinutes),
} as const satisfies Record<DutyName, DutyTerms>;

/** Later clocks than this are no dates: a day after it cannot be written in four digits. */
const datedMax = 253_402_214_400_000;

/**
 * Rule CA-16. How many days a calendar day lies after an instant; 0 on its day and before. The day
 * furthest east counts as begun, so that no place on earth is told that its today is tomorrow.
 */
export function daysAhead(text: string, at: Instant): number {
  const day = parseDay(text);
  if (day === null) return 0;
  return Math.max(0, daysBetween(dayOf(instant(Math.min(at, datedMax)), eastmostMinutes), day));
}

const eastmostMinutes = 840;
