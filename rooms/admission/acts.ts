import { type Static, Type } from 'typebox';
import { bedNumber, key, moment, reason } from '../capacity/index.ts';
import { admission, ct, day, direction, severity, temperatureCelsius } from './facts.ts';

const stay = key;

function act<P extends Parameters<typeof Type.Object>[0]>(properties: P) {
  return Type.Object(properties, { additionalProperties: false });
}

/** What the desks send. */
export const actBodies = {
  /** Without `bed`: the promised one, else the lowest free one. */
  admit: act({ stay, ...admission, bed: Type.Optional(bedNumber) }),
  'record-status': act({
    stay,
    on: day,
    severity,
    temperatureCelsius: Type.Optional(temperatureCelsius),
  }),
  step: act({ stay, unit: key, bed: Type.Optional(bedNumber), direction }),
  'record-test': act({ stay, on: day, ct, sampledAt: Type.Optional(moment) }),
  'give-treatment': act({ stay, what: reason }),
  discharge: act({ stay }),
  'record-death': act({ stay, of: Type.Optional(reason) }),
} as const;

export type StayAct<N extends keyof typeof actBodies> = Static<(typeof actBodies)[N]>;
