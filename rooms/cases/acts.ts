import { Type } from 'typebox';
import type { Role } from '../../ledger/room.ts';
import {
  appealOutcome,
  day,
  foundIn,
  moment,
  party,
  personNumber,
  via,
  whereIsolated,
} from './facts.ts';

const place = Type.Optional(Type.String({ minLength: 1, maxLength: 80 }));
const code = Type.String({ pattern: '^[a-z0-9][a-z0-9-]{0,39}$' });
const label = Type.String({ pattern: '^[A-Z0-9][A-Z0-9-]{3,31}$' });
const remark = Type.String({ minLength: 1, maxLength: 500 });
const closed = { additionalProperties: false } as const;

/** What the desks send. `place` is asked only of people without a home on the register. */
export const actBodies = {
  'report-case': Type.Object({ person: personNumber, reportedTo: code, place }, closed),
  'record-investigation': Type.Object(
    {
      person: personNumber,
      foundIn,
      onsetOn: Type.Optional(day),
      asymptomatic: Type.Optional(Type.Boolean()),
      note: Type.Optional(remark),
      place,
    },
    closed,
  ),
  // The limits are optional here and only here, so that their absence is answered by rule CA-8.
  'order-isolation': Type.Object(
    {
      person: personNumber,
      basis: Type.Optional(code),
      responsible: Type.Optional(party),
      expiresAt: Type.Optional(moment),
      appealTo: Type.Optional(party),
      where: whereIsolated,
      place,
    },
    closed,
  ),
  'begin-isolation': Type.Object({ person: personNumber, where: whereIsolated, place }, closed),
  'end-isolation': Type.Object({ person: personNumber, reason: code, place }, closed),
  'list-contact': Type.Object(
    { person: personNumber, of: personNumber, via, tube: Type.Optional(label), place },
    closed,
  ),
  'withdraw-contact': Type.Object({ person: personNumber, of: personNumber, place }, closed),
  'note-needs': Type.Object(
    {
      person: personNumber,
      careOf: Type.Optional(personNumber),
      urgent: Type.Optional(Type.Boolean()),
      notes: Type.Array(code, { maxItems: 40 }),
      place,
    },
    closed,
  ),
  appeal: Type.Object({ person: personNumber, grounds: remark, place }, closed),
  'decide-appeal': Type.Object(
    { person: personNumber, outcome: appealOutcome, reason: remark, place },
    closed,
  ),
} as const;

export type CaseActName = keyof typeof actBodies;

/** Who may do what, and how the desks name it. Total. */
export const actTerms = {
  'report-case': {
    roles: ['headquarters', 'laboratory', 'facility'],
    label: { en: 'Report case', zh: '网络直报' },
  },
  'record-investigation': {
    roles: ['headquarters', 'community'],
    label: { en: 'Record investigation', zh: '登记流调结果' },
  },
  'order-isolation': {
    roles: ['community', 'headquarters'],
    label: { en: 'Order isolation', zh: '下达隔离决定' },
  },
  'begin-isolation': {
    roles: ['community', 'facility', 'headquarters'],
    label: { en: 'Isolation has begun', zh: '落实隔离' },
  },
  'end-isolation': {
    roles: ['community', 'facility', 'headquarters'],
    label: { en: 'End isolation', zh: '解除隔离' },
  },
  'list-contact': {
    roles: ['community', 'headquarters'],
    label: { en: 'List as contact', zh: '列为密切接触者' },
  },
  'withdraw-contact': {
    roles: ['headquarters'],
    label: { en: 'Take back a contact', zh: '撤销密切接触者' },
  },
  'note-needs': {
    roles: ['community', 'facility', 'headquarters'],
    label: { en: 'Note needs', zh: '登记需求' },
  },
  appeal: {
    roles: ['community', 'facility', 'headquarters'],
    label: { en: 'Appeal', zh: '提出申诉' },
  },
  'decide-appeal': {
    roles: ['headquarters'],
    label: { en: 'Decide appeal', zh: '答复申诉' },
  },
} as const satisfies Record<
  CaseActName,
  { roles: readonly Role[]; label: { en: string; zh: string } }
>;
