import { type Static, Type } from 'typebox';
import type { FactDraft } from '../../ledger/fact.ts';
import type { FactKind, FactOf } from '../../ledger/room.ts';
import {
  bedKind,
  bedNumber,
  key,
  moment,
  personNumber,
  promiseId,
  reason,
} from '../capacity/index.ts';

/** `user:li`: the account that drives or receives. */
export const account = Type.String({ pattern: '^user:[A-Za-z0-9][A-Za-z0-9._@-]{0,63}$' });
export const place = Type.String({ minLength: 1, maxLength: 80 });
/**
 * People moved together. Thirty, because promising them all is one act of sixty facts and the
 * ledger takes sixty-four.
 */
export const persons = Type.Array(personNumber, { minItems: 1, maxItems: 30, uniqueItems: true });
/** The number on the seat, from 1. */
export const seatNumber = Type.Integer({ minimum: 1, maximum: 60 });

export const priority = Type.Union([
  Type.Literal('urgent'),
  Type.Literal('today'),
  Type.Literal('routine'),
]);
export type Priority = Static<typeof priority>;

/** Why somebody is moved. None of them is a result: no rule here asks for one (P5). */
export const transferReason = Type.Union([
  Type.Literal('case'),
  Type.Literal('contact'),
  Type.Literal('held'),
  Type.Literal('care'),
]);

export const needs = Type.Array(reason, { maxItems: 20 });
const closed = { additionalProperties: false } as const;

/** Every kind of fact in the history of a transfer, with who may record it. */
export const transferFacts = {
  'transfer.requested': {
    body: Type.Object(
      {
        persons,
        from: place,
        priority,
        reason: transferReason,
        destinationKind: bedKind,
        /** Children whose carer was noted elsewhere, as known when the transfer was asked for. */
        careOf: Type.Optional(
          Type.Array(Type.Object({ child: personNumber, carer: personNumber }, closed), {
            maxItems: 30,
          }),
        ),
      },
      closed,
    ),
    permits: ['community', 'facility', 'headquarters', 'dispatcher'],
    label: { en: 'Transfer requested', zh: '申请转运' },
  },
  'transfer.triaged': {
    body: Type.Object({ priority, needs }, closed),
    permits: ['dispatcher', 'headquarters'],
    label: { en: 'Triaged', zh: '已分诊' },
  },
  'transfer.place-promised': {
    body: Type.Object(
      {
        unit: key,
        promise: promiseId,
        person: personNumber,
        facility: Type.Optional(key),
        bed: Type.Optional(bedNumber),
        until: Type.Optional(moment),
      },
      closed,
    ),
    permits: [],
    label: { en: 'Place promised', zh: '床位已落实' },
  },
  'transfer.promise-released': {
    body: Type.Object({ promise: promiseId, reason }, closed),
    permits: [],
    label: { en: 'Promise released', zh: '床位预留取消' },
  },
  'transfer.vehicle-assigned': {
    body: Type.Object({ vehicle: key, driver: account }, closed),
    permits: [],
    label: { en: 'Vehicle assigned', zh: '已派车' },
  },
  'transfer.picked-up': {
    body: Type.Object({ persons }, closed),
    permits: ['dispatcher', 'courier', 'facility'],
    label: { en: 'Picked up', zh: '已接上车' },
  },
  'transfer.handed-over': {
    body: Type.Object({ facility: key, persons, to: account }, closed),
    permits: ['dispatcher', 'courier', 'facility'],
    label: { en: 'Handed over', zh: '已交接' },
  },
  'transfer.cancelled': {
    body: Type.Object({ reason }, closed),
    permits: ['dispatcher', 'headquarters', 'community'],
    label: { en: 'Cancelled', zh: '已取消' },
  },
} as const satisfies Record<string, FactKind>;

/** Every kind of fact in the history of a vehicle. */
export const vehicleFacts = {
  'transfer.vehicle-registered': {
    body: Type.Object({ seats: Type.Integer({ minimum: 0, maximum: 60 }) }, closed),
    permits: ['dispatcher', 'headquarters'],
    label: { en: 'Vehicle registered', zh: '登记车辆' },
  },
  'transfer.seats-taken': {
    body: Type.Object(
      { transfer: key, seats: Type.Array(seatNumber, { maxItems: 60, uniqueItems: true }) },
      closed,
    ),
    permits: [],
    label: { en: 'Seats taken', zh: '座位已占' },
  },
  'transfer.seats-freed': {
    body: Type.Object({ transfer: key }, closed),
    permits: [],
    label: { en: 'Seats freed', zh: '座位已空出' },
  },
} as const satisfies Record<string, FactKind>;

export type TransferFactKind = keyof typeof transferFacts;
export type TransferFact = FactOf<typeof transferFacts>;
export type TransferBody<K extends TransferFactKind> = Static<(typeof transferFacts)[K]['body']>;
export type VehicleFactKind = keyof typeof vehicleFacts;
export type VehicleFact = FactOf<typeof vehicleFacts>;
export type VehicleBody<K extends VehicleFactKind> = Static<(typeof vehicleFacts)[K]['body']>;

/** A fact about a transfer, ready to be put on record. */
export function transferDraft<K extends TransferFactKind>(
  kind: K,
  transfer: string,
  at: string,
  body: TransferBody<K>,
): FactDraft<K, TransferBody<K>> {
  return { kind, subject: `transfer:${transfer}`, place: at, body };
}

/** A fact about a vehicle, ready to be put on record. */
export function vehicleDraft<K extends VehicleFactKind>(
  kind: K,
  vehicle: string,
  at: string,
  body: VehicleBody<K>,
): FactDraft<K, VehicleBody<K>> {
  return { kind, subject: `vehicle:${vehicle}`, place: at, body };
}
