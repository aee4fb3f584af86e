import { type Static, Type } from 'typebox';
import type { FactDraft } from '../../ledger/fact.ts';
import type { FactKind, FactOf } from '../../ledger/room.ts';

/** A number of the register of persons; never a name. */
export const personNumber = Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER });
const label = Type.String({ pattern: '^[A-Z0-9][A-Z0-9-]{3,31}$' });
const code = Type.String({ pattern: '^[a-z0-9][a-z0-9-]{0,39}$' });
/** The part of a subject after its colon. */
const key = Type.String({ pattern: '^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$' });
/** `user:li` or `role:headquarters`. */
export const party = Type.String({ pattern: '^(user|role):[A-Za-z0-9][A-Za-z0-9._@-]{0,63}$' });
/** A calendar day that exists, within what anybody alive can mean. */
export const day = Type.String({ format: 'date', pattern: '^(19|20|21)\\d{2}-\\d{2}-\\d{2}$' });
/** Before the year 2200: a later one is a slip of the keyboard. */
export const moment = Type.Integer({ minimum: 0, maximum: 7_258_118_400_000 });
/** Free words for people to read. Screens ask for no names in them (P6). */
const remark = Type.String({ minLength: 1, maxLength: 500 });

export const result = Type.Union([
  Type.Literal('negative'),
  Type.Literal('positive'),
  Type.Literal('grey'),
  Type.Literal('invalid'),
]);
export type Result = Static<typeof result>;

export const via = Type.Union([
  Type.Literal('household'),
  Type.Literal('tube'),
  Type.Literal('named'),
]);

export const whereIsolated = Type.Union([Type.Literal('home'), Type.Literal('facility')]);

/** How a case was found: the two columns of the daily bulletin, and the two that people ask for. */
export const foundIn = Type.Union([
  Type.Literal('community'),
  Type.Literal('isolation'),
  Type.Literal('closed-loop'),
  Type.Literal('clinic'),
]);

export const appealOutcome = Type.Union([Type.Literal('upheld'), Type.Literal('lifted')]);

/** Fields of a body, closed: an unknown field is a mistake and is said to be one. */
function closed<P extends Parameters<typeof Type.Object>[0]>(properties: P) {
  return Type.Object(properties, { additionalProperties: false });
}

/** Every kind of fact in the history of a person, with who may record it. */
export const caseFacts = {
  'cases.person-held': {
    body: closed({
      tube: label,
      result: Type.Union([Type.Literal('positive'), Type.Literal('grey')]),
      /** Everybody in the tube; without it nobody is listed through the tube. */
      members: Type.Optional(Type.Array(personNumber, { maxItems: 50 })),
    }),
    permits: [],
    label: { en: 'Held: pool positive or grey', zh: '混管异常,就地隔离' },
  },
  'cases.specimen-taken': {
    body: closed({ tube: label, purpose: code }),
    permits: [],
    label: { en: 'Single sample taken', zh: '单管已采样' },
  },
  'cases.specimen-lost': {
    body: closed({ tube: label, reason: code }),
    permits: [],
    label: { en: 'Single sample lost', zh: '单管标本遗失或破损' },
  },
  'cases.specimen-resulted': {
    body: closed({ tube: label, result, purpose: code }),
    permits: [],
    label: { en: 'Single result', zh: '单管结果' },
  },
  'cases.case-reported': {
    body: closed({ reportedTo: code }),
    permits: ['headquarters', 'laboratory', 'facility'],
    label: { en: 'Case reported', zh: '病例已网络直报' },
  },
  'cases.case-investigated': {
    body: closed({
      foundIn,
      /** First day of symptoms; absent while nobody knows it or there are none. */
      onsetOn: Type.Optional(day),
      /** No symptoms up to this investigation; a later one may say otherwise (CA-16). */
      asymptomatic: Type.Optional(Type.Boolean()),
      note: Type.Optional(remark),
    }),
    permits: ['headquarters', 'community'],
    label: { en: 'Case investigated', zh: '完成个案流调' },
  },
  'cases.contact-listed': {
    body: closed({ of: personNumber, via, tube: Type.Optional(label) }),
    permits: ['headquarters', 'community'],
    label: { en: 'Listed as a contact', zh: '列为密切接触者' },
  },
  'cases.contact-withdrawn': {
    body: closed({ of: personNumber, tube: Type.Optional(label) }),
    permits: ['headquarters'],
    label: { en: 'No longer a contact', zh: '撤销密切接触者' },
  },
  'cases.isolation-ordered': {
    body: closed({
      basis: code,
      responsible: party,
      expiresAt: moment,
      where: whereIsolated,
      /** Absent only in records made elsewhere; its absence is a finding (CA-10). */
      appealTo: Type.Optional(party),
    }),
    permits: ['community', 'headquarters'],
    label: { en: 'Isolation ordered', zh: '下达隔离决定' },
  },
  'cases.isolation-begun': {
    body: closed({ where: whereIsolated }),
    permits: ['community', 'facility', 'headquarters'],
    label: { en: 'Isolation begun', zh: '已落实隔离' },
  },
  'cases.isolation-ended': {
    body: closed({ reason: code }),
    permits: ['community', 'facility', 'headquarters'],
    label: { en: 'Isolation ended', zh: '解除隔离' },
  },
  'cases.appeal-made': {
    body: closed({ grounds: remark }),
    permits: ['community', 'facility', 'headquarters'],
    label: { en: 'Appeal made', zh: '提出申诉' },
  },
  'cases.appeal-decided': {
    body: closed({ outcome: appealOutcome, reason: remark }),
    permits: ['headquarters'],
    label: { en: 'Appeal decided', zh: '申诉已答复' },
  },
  'cases.transferred': {
    body: closed({
      transfer: key,
      facility: Type.Optional(key),
      to: Type.Optional(party),
    }),
    permits: [],
    label: { en: 'Handed over at the facility', zh: '已转运到位' },
  },
  'cases.admitted': {
    body: closed({ stay: key }),
    permits: [],
    label: { en: 'Admitted', zh: '已收治' },
  },
  'cases.discharged': {
    body: closed({
      stay: key,
      outcome: Type.Optional(Type.Union([Type.Literal('discharged'), Type.Literal('died')])),
    }),
    permits: [],
    label: { en: 'Discharged', zh: '出院(舱)' },
  },
  'cases.needs-noted': {
    body: closed({
      /** Who cares for this person, when it is not an adult of the household. */
      careOf: Type.Optional(personNumber),
      urgent: Type.Optional(Type.Boolean()),
      notes: Type.Array(code, { maxItems: 40 }),
    }),
    permits: ['community', 'facility', 'headquarters'],
    label: { en: 'Needs noted', zh: '登记需求' },
  },
} as const satisfies Record<string, FactKind>;

export type CaseFactKind = keyof typeof caseFacts;
export type CaseFact = FactOf<typeof caseFacts>;
export type CaseBody<K extends CaseFactKind> = Static<(typeof caseFacts)[K]['body']>;

/** A fact about a person, ready to be put on record. */
export function caseDraft<K extends CaseFactKind>(
  kind: K,
  person: number,
  place: string,
  body: CaseBody<K>,
): FactDraft<K, CaseBody<K>> {
  return { kind, subject: `person:${person}`, place, body };
}
