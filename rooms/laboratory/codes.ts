import type { Json } from '../../kernel/assert.ts';
import { type Refusal, refuse } from '../../ledger/decision.ts';
import type { Label } from '../../ledger/room.ts';

/**
 * Codes of what may be wrong between a plate and its release. They belong to the room `results`,
 * whose acts refuse with them; as findings they show on the plate, which alone knows both sides.
 */
export const releaseCodes = {
  'results.plate-not-signed': {
    en: 'Results may leave the laboratory only from a signed plate.',
    zh: '只有已签核的板才能发布结果。',
  },
  'results.unknown-tube': {
    en: 'A result names a tube that is not on the plate.',
    zh: '结果所列采样管不在该板上。',
  },
} as const satisfies Record<string, Label>;

/**
 * Every code of this room, for refusals at a bench and for findings on record, in the words that
 * screens show. Codes are never renamed, only retired.
 */
export const laboratoryCodes = {
  'laboratory.bad-label': {
    en: 'A label has 4 to 32 capitals, digits or hyphens. Scan it again.',
    zh: '标签应为4至32位大写字母、数字或连字符，请重新扫码。',
  },
  'laboratory.place-missing': {
    en: 'Say at which place this happens.',
    zh: '请注明所在地点。',
  },
  'laboratory.already-accessioned': {
    en: 'This accession number is in use. Take the next one.',
    zh: '该接收编号已使用，请换下一个。',
  },
  'laboratory.tube-twice': {
    en: 'A tube is listed more than once.',
    zh: '同一采样管被重复列出。',
  },
  'laboratory.unknown-well': {
    en: 'A 96-well plate has wells A1 to H12.',
    zh: '96孔板的孔位为A1至H12。',
  },
  'laboratory.well-twice': {
    en: 'A well is filled twice: nobody can say what is in it.',
    zh: '同一孔位被重复使用：无法确定孔内样本。',
  },
  'laboratory.controls-missing': {
    en: 'A plate needs its positive and negative controls.',
    zh: '板上缺少阳性或阴性质控。',
  },
  'laboratory.already-loaded': {
    en: 'This plate is on record as loaded otherwise. Take a new label.',
    zh: '该板已有不同的上样记录，请使用新板号。',
  },
  'laboratory.not-loaded': {
    en: 'Nothing is on record of what was loaded on this plate.',
    zh: '没有该板的上样记录。',
  },
  'laboratory.wells-unread': {
    en: 'The readings leave out loaded wells, or targets of the rule set.',
    zh: '读数缺少已上样的孔位或判读规则要求的靶标。',
  },
  'laboratory.reading-twice': {
    en: 'One target of one well has two different readings.',
    zh: '同一孔同一靶标有两个不同读数。',
  },
  'laboratory.already-read': {
    en: 'This plate has been read. To put a wrong file right, give the reason.',
    zh: '该板已读板。如需更正错误文件，请注明原因。',
  },
  'laboratory.not-read': {
    en: 'This plate has not been read.',
    zh: '该板尚未读板。',
  },
  'laboratory.same-signer': {
    en: 'A second person signs: not the one who loaded or read the plate.',
    zh: '须由他人复核签字：不能是上样人或读板人。',
  },
  'laboratory.already-signed': {
    en: 'This plate is signed: its readings stand.',
    zh: '该板已签核，读数不再更改。',
  },
  'laboratory.not-signed': {
    en: 'This plate is neither signed nor rejected.',
    zh: '该板尚未签核，也未作废。',
  },
  'laboratory.already-rejected': {
    en: 'This plate has been rejected: load its tubes on another.',
    zh: '该板已作废：请将样本重新上板。',
  },
  'laboratory.already-released': {
    en: 'Results of this plate have left the laboratory: amend them instead.',
    zh: '该板结果已发布：请改用更正。',
  },
  'laboratory.rerun-not-due': {
    en: 'This tube is not due for another run from that plate.',
    zh: '该管在所列的板上无需复测。',
  },
  'laboratory.attempts-exhausted': {
    en: 'This tube has had all its runs: its people must be sampled again.',
    zh: '该管已达复测次数上限：相关人员需重新采样。',
  },
  'laboratory.wrong-attempt': {
    en: 'The number of the run does not follow from the plate before.',
    zh: '检测次序与前一块板不符。',
  },
  'laboratory.control-failed': {
    en: 'A control failed: no well of this plate counts.',
    zh: '质控失败：全板结果无效。',
  },
  'laboratory.contamination': {
    en: 'A well that holds no sample shows virus: look for contamination.',
    zh: '空孔出现扩增：请排查污染。',
  },
  'laboratory.tube-on-two-plates': {
    en: 'Two plates hold this tube in the same run.',
    zh: '同一次检测中，此管出现在两块板上。',
  },
  'laboratory.unreadable-file': {
    en: 'The instrument file was not taken. The list says what is wrong, row by row.',
    zh: '仪器文件未被采用。清单逐行说明了问题。',
  },
} as const satisfies Record<string, Label>;

export type LaboratoryCode = keyof typeof laboratoryCodes;
export type ReleaseCode = keyof typeof releaseCodes;

/** Refuses with a code of this room. */
export function no(code: LaboratoryCode, details: { readonly [k: string]: Json } = {}): Refusal {
  return refuse(code, details);
}
