import { type Static, Type } from 'typebox';
import { bedKind, bedNumber, key, personNumber, promiseId, reason } from '../capacity/index.ts';
import { account, needs, persons, place, priority, transferReason } from './facts.ts';

const minutes = Type.Integer({ minimum: 1, maximum: 43_200 });
const transfer = key;

function act<P extends Parameters<typeof Type.Object>[0]>(properties: P) {
  return Type.Object(properties, { additionalProperties: false });
}

/** What the desks send. */
export const actBodies = {
  request: act({
    transfer,
    persons,
    from: place,
    priority,
    reason: transferReason,
    destinationKind: bedKind,
  }),
  triage: act({ transfer, priority, needs }),
  /** Without `persons`: everybody who has no bed yet. */
  'promise-place': act({
    transfer,
    unit: key,
    persons: Type.Optional(
      Type.Array(personNumber, { minItems: 1, maxItems: 30, uniqueItems: true }),
    ),
    bed: Type.Optional(bedNumber),
    minutes: Type.Optional(minutes),
  }),
  'release-promise': act({ transfer, promise: promiseId, reason }),
  'extend-promise': act({ transfer, promise: promiseId, minutes, reason }),
  'assign-vehicle': act({ transfer, vehicle: key, driver: account }),
  /** Without `persons`: everybody who is still waiting. */
  'pick-up': act({ transfer, persons: Type.Optional(persons) }),
  /** Without `persons`: everybody aboard. */
  'hand-over': act({ transfer, facility: key, to: account, persons: Type.Optional(persons) }),
  cancel: act({ transfer, reason }),
  'register-vehicle': act({
    vehicle: key,
    place,
    seats: Type.Integer({ minimum: 0, maximum: 60 }),
  }),
} as const;

export type TransferAct<N extends keyof typeof actBodies> = Static<(typeof actBodies)[N]>;
