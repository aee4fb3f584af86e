import { transferCodes } from './codes.ts';
import { defineAct, defineSubject, type Room } from '../../ledger/room.ts';
import { keyPattern } from '../capacity/index.ts';
import { actBodies } from './acts.ts';
import {
  decideAssignVehicle,
  decideCancel,
  decideHandOver,
  decidePickUp,
  decideRegisterVehicle,
  decideRequest,
  decideTriage,
} from './decide.ts';
import { transferFacts, vehicleFacts } from './facts.ts';
import {
  decideExtendPromise,
  decidePromisePlace,
  decideReleasePromise,
  unitOfPromise,
} from './promises.ts';
import { policyDefaults, policySchema } from './rules.ts';
import { evolveTransfer, findVehicle, initialTransfer, type TransferState } from './state.ts';
import { evolveVehicle, initialVehicle, viewVehicle } from './vehicle.ts';
import { viewTransfer } from './views.ts';

const transferSubject = defineSubject({
  prefix: 'transfer',
  keyPattern,
  label: { en: 'Transfer', zh: '转运' },
  facts: transferFacts,
  initial: initialTransfer,
  evolve: evolveTransfer,
  view: viewTransfer,
});

const vehicle = defineSubject({
  prefix: 'vehicle',
  keyPattern,
  label: { en: 'Vehicle', zh: '车辆' },
  facts: vehicleFacts,
  initial: initialVehicle,
  evolve: evolveVehicle,
  view: viewVehicle,
});

const subject = (act: { transfer: string }): string => `transfer:${act.transfer}`;

/** 转 transfer: people moved together, from asking to hand-over. */
export const transfer: Room = {
  name: 'transfer',
  codes: transferCodes,
  label: { en: 'Transfer', zh: '转' },
  subjects: [transferSubject, vehicle],
  acts: {
    request: defineAct({
      kind: 'report',
      label: { en: 'Request transfer', zh: '申请转运' },
      body: actBodies.request,
      roles: ['community', 'facility', 'headquarters', 'dispatcher'],
      subject,
      reads: (act) => act.persons.map((person) => `person:${person}`),
      decide: decideRequest,
    }),
    triage: defineAct({
      kind: 'report',
      label: { en: 'Triage', zh: '分诊' },
      body: actBodies.triage,
      roles: ['dispatcher', 'headquarters'],
      subject,
      decide: decideTriage,
    }),
    'promise-place': defineAct({
      kind: 'claim',
      label: { en: 'Promise beds', zh: '落实床位' },
      body: actBodies['promise-place'],
      roles: ['dispatcher', 'headquarters'],
      subject: (act) => `unit:${act.unit}`,
      reads: (act) => [`transfer:${act.transfer}`],
      decide: decidePromisePlace,
    }),
    'release-promise': defineAct({
      kind: 'report',
      label: { en: 'Release a promise', zh: '取消床位预留' },
      body: actBodies['release-promise'],
      roles: ['dispatcher', 'headquarters'],
      subject,
      reads: ({ promise }, state: TransferState) => unitOfPromise(state, promise),
      decide: decideReleasePromise,
    }),
    'extend-promise': defineAct({
      kind: 'report',
      label: { en: 'Extend a promise', zh: '延长床位预留' },
      body: actBodies['extend-promise'],
      roles: ['dispatcher', 'headquarters'],
      subject,
      reads: ({ promise }, state: TransferState) => unitOfPromise(state, promise),
      decide: decideExtendPromise,
    }),
    'assign-vehicle': defineAct({
      kind: 'claim',
      label: { en: 'Assign vehicle', zh: '派车' },
      body: actBodies['assign-vehicle'],
      roles: ['dispatcher', 'headquarters'],
      subject,
      reads: (act, state: TransferState) => {
        const before = findVehicle(state);
        const wanted = `vehicle:${act.vehicle}`;
        return before === null ? [wanted] : [wanted, `vehicle:${before.vehicle}`];
      },
      decide: decideAssignVehicle,
    }),
    'pick-up': defineAct({
      kind: 'report',
      label: { en: 'Pick up', zh: '接人上车' },
      body: actBodies['pick-up'],
      roles: ['dispatcher', 'courier', 'facility'],
      subject,
      decide: decidePickUp,
    }),
    'hand-over': defineAct({
      kind: 'report',
      label: { en: 'Hand over', zh: '交接' },
      body: actBodies['hand-over'],
      roles: ['dispatcher', 'courier', 'facility'],
      subject,
      decide: decideHandOver,
    }),
    cancel: defineAct({
      kind: 'report',
      label: { en: 'Cancel transfer', zh: '取消转运' },
      body: actBodies.cancel,
      roles: ['dispatcher', 'headquarters', 'community'],
      subject,
      decide: decideCancel,
    }),
    'register-vehicle': defineAct({
      kind: 'report',
      label: { en: 'Register vehicle', zh: '登记车辆' },
      body: actBodies['register-vehicle'],
      roles: ['dispatcher', 'headquarters'],
      subject: (act) => `vehicle:${act.vehicle}`,
      decide: decideRegisterVehicle,
    }),
  },
  policySchema,
  policyDefaults,
};

export { type TransferCode, transferCodes } from './codes.ts';
export {
  transferDraft,
  type TransferFact,
  type TransferFactKind,
  transferFacts,
  vehicleDraft,
  type VehicleFact,
  type VehicleFactKind,
  vehicleFacts,
} from './facts.ts';
export { dayOn, yearsOld } from './family.ts';
export { type TransferPolicy, type TransferStage, transferStages } from './rules.ts';
export {
  aboard,
  evolveTransfer,
  findArrival,
  findVehicle,
  handedOver,
  initialTransfer,
  personsOf,
  stageOf,
  standingPromises,
  type TransferState,
  unpromised,
} from './state.ts';
export { claimSeats, evolveVehicle, initialVehicle, type VehicleState } from './vehicle.ts';
export { viewTransfer } from './views.ts';
