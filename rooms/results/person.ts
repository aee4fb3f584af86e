import type { Instant } from '../../kernel/instant.ts';
import type { Label } from '../../ledger/room.ts';
import type { Call } from '../laboratory/index.ts';

/** What is on record of the tube a person's swab is in. Absent and null both mean: not yet. */
export interface PersonSpecimen {
  readonly poolSize: number;
  readonly sealedAt?: Instant | null;
  readonly voidedAt?: Instant | null;
  readonly receivedAt?: Instant | null;
  readonly loadedAt?: Instant | null;
  readonly condition?: string | null;
  readonly result?: Call | null;
  readonly releasedAt?: Instant | null;
  readonly amendedAt?: Instant | null;
}

/** Where a person stands with one sample. */
export const personStatuses = [
  'sampled',
  'at-laboratory',
  'testing',
  'sample-again',
  'negative',
  'positive-pool',
  'positive',
  'grey-pool',
  'grey',
  'invalid',
] as const;
export type PersonStatus = (typeof personStatuses)[number];

/** A person's own result, in plain words. */
export interface PersonResult {
  readonly status: PersonStatus;
  readonly title: Label;
  /** What it means and what happens next. */
  readonly text: Label;
  /** Said only of an amended result. */
  readonly note: Label | null;
  /** What holds whatever the result. */
  readonly rights: Label;
  readonly sampledAt: Instant | null;
  readonly resultAt: Instant | null;
}

/**
 * Rule RE-7. Never conditional on a result: notice of 19 April 2022 [V] (FACTS §5).
 */
const rights: Label = {
  en:
    'If you need medical care, go or call 120 at once. Nobody may ask for a test result before ' +
    'you leave, are taken or are received.',
  zh: '如需就医，请立即前往或拨打120。任何单位不得以核酸结果作为外出就医、转运或接诊的条件。',
};

const amended: Label = {
  en: 'This result was corrected. What you were told before no longer holds.',
  zh: '此结果已更正，此前告知的结果作废。',
};

/** Rule RE-6. The words for each status. Total: a new status does not compile without them. */
const words = {
  sampled: {
    title: { en: 'Your sample was taken', zh: '已采样' },
    text: {
      en: 'It is on its way to the laboratory. There is no result yet.',
      zh: '样本正在送往实验室，尚无结果。',
    },
  },
  'at-laboratory': {
    title: { en: 'Your sample is at the laboratory', zh: '样本已到实验室' },
    text: { en: 'There is no result yet.', zh: '尚无结果。' },
  },
  testing: {
    title: { en: 'Your sample is being tested', zh: '检测中' },
    text: { en: 'There is no result yet.', zh: '尚无结果。' },
  },
  'sample-again': {
    title: { en: 'Please be sampled again', zh: '请重新采样' },
    text: {
      en: 'Your sample was lost, damaged or cannot be used. This says nothing about your health.',
      zh: '您的样本遗失、破损或无法使用。这与您的健康状况无关。',
    },
  },
  negative: {
    title: { en: 'Negative', zh: '阴性' },
    text: {
      en: 'The virus was not found in your sample.',
      zh: '您的样本中未检出病毒。',
    },
  },
  'positive-pool': {
    title: { en: 'Mixed tube positive: not confirmed', zh: '混管阳性：尚未确诊' },
    text: {
      en:
        'Your swab shared a tube with others and virus was found in that tube. This does not ' +
        'mean that you have it: one of the others may. Please stay in your room. Somebody will ' +
        'come to take a sample from you alone; only that result counts for you.',
      zh:
        '您与他人的样本混在同一管中，该管检出病毒。这并不表示您已感染，也可能是同管其他人。' +
        '请暂时留在房间内，工作人员将上门为您单独采样，以单采结果为准。',
    },
  },
  positive: {
    title: { en: 'Positive', zh: '阳性' },
    text: {
      en:
        'Virus was found in a sample taken from you alone. Please stay in your room. You will be ' +
        'told where you will be cared for; tell whoever calls if a child or somebody else ' +
        'depends on you, and which medicines you need.',
      zh:
        '您的单采样本检出病毒。请留在房间内，工作人员将告知您收治安排。' +
        '如有孩子或他人需您照护，或需常用药，请告知联系您的工作人员。',
    },
  },
  'grey-pool': {
    title: { en: 'Mixed tube not clear: not confirmed', zh: '混管结果不明确：尚未确诊' },
    text: {
      en:
        'Your swab shared a tube with others and the test of that tube was not clear. Please ' +
        'stay in your room. Somebody will come to take a sample from you alone; only that result ' +
        'counts for you.',
      zh:
        '您与他人的样本混在同一管中，该管检测结果不明确。' +
        '请暂时留在房间内，工作人员将上门为您单独采样，以单采结果为准。',
    },
  },
  grey: {
    title: { en: 'Not clear', zh: '结果不明确' },
    text: {
      en: 'The test was neither clearly negative nor clearly positive. Another sample will be taken.',
      zh: '检测结果既非明确阴性也非明确阳性，将再次为您采样。',
    },
  },
  invalid: {
    title: { en: 'No result: please be sampled again', zh: '未得出结果：请重新采样' },
    text: {
      en: 'The test did not work. This says nothing about your health.',
      zh: '本次检测未成功。这与您的健康状况无关。',
    },
  },
} as const satisfies Record<PersonStatus, { title: Label; text: Label }>;

/** Rule RE-6. Words for a result: of a mixed tube it is the tube's, not the person's. */
const statusOfResult = {
  negative: { single: 'negative', pool: 'negative' },
  positive: { single: 'positive', pool: 'positive-pool' },
  grey: { single: 'grey', pool: 'grey-pool' },
  invalid: { single: 'invalid', pool: 'invalid' },
} as const satisfies Record<Call, { single: PersonStatus; pool: PersonStatus }>;

const useless = new Set(['lost', 'broken']);

/** Rules RE-6 and RE-7. A person's own result from the record of their tube, in plain words. */
export function resultForPerson(specimen: PersonSpecimen): PersonResult {
  const status = statusOf(specimen);
  const { sealedAt = null, releasedAt = null, amendedAt = null } = specimen;
  const { title, text } = words[status];
  const note = amendedAt === null ? null : amended;
  return {
    status,
    title,
    text,
    note,
    rights,
    sampledAt: sealedAt,
    resultAt: amendedAt ?? releasedAt,
  };
}

function statusOf(specimen: PersonSpecimen): PersonStatus {
  const { result = null, voidedAt = null, condition = null } = specimen;
  const { loadedAt = null, receivedAt = null } = specimen;
  // Only what was released is shown: a call on an unsigned plate is not yet a result.
  if (result !== null) return statusOfResult[result][specimen.poolSize > 1 ? 'pool' : 'single'];
  if (voidedAt !== null || useless.has(condition ?? '')) return 'sample-again';
  if (loadedAt !== null) return 'testing';
  return receivedAt === null ? 'sampled' : 'at-laboratory';
}
