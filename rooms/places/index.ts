import { placeFaultReasons, placeRefusalReasons } from './fault-reasons.ts';
import { keyPatterns } from '../../kernel/id.ts';
import { defineAct, defineSubject, type Room } from '../../ledger/room.ts';
import * as decide from './decide.ts';
import { pointFacts } from './facts.ts';
import { policyDefaults, policySchema } from './rules.ts';
import { evolvePoint, initialPoint } from './state.ts';
import { viewPoint } from './views.ts';

/** The tree from the city to the building, and every point where work is done. */
export const places: Room = {
  name: 'places',
  codes: { ...placeFaultReasons, ...placeRefusalReasons },
  label: { en: 'Places', zh: '地点' },
  policySchema,
  policyDefaults,
  subjects: [
    defineSubject({
      prefix: 'point',
      keyPattern: keyPatterns.name,
      label: { en: 'Point', zh: '点位' },
      facts: pointFacts,
      initial: initialPoint,
      evolve: evolvePoint,
      view: viewPoint,
    }),
  ],
  acts: {
    'open-point': defineAct({
      kind: 'report',
      label: { en: 'Open a point', zh: '启用点位' },
      body: decide.openPoint,
      roles: ['headquarters', 'community'],
      subject: (act) => `point:${act.point}`,
      decide: decide.decideOpenPoint,
    }),
    'close-point': defineAct({
      kind: 'report',
      label: { en: 'Close the point', zh: '关闭点位' },
      body: decide.closePoint,
      roles: ['headquarters', 'community'],
      subject: (act) => `point:${act.point}`,
      decide: decide.decideClosePoint,
    }),
  },
};

export {
  Directory,
  type HomeWords,
  type Located,
  type PlacedPlace,
  type PlaceFault,
} from './directory.ts';
export { type PointKind, pointKinds } from './facts.ts';
export { type PlaceFaultCode, placeFaultReasons } from './fault-reasons.ts';
export { parsePlaceRow, type PlaceColumns, readPlaceHeader } from './place-row.ts';
export { evolvePoint, initialPoint, type PointState } from './state.ts';
export {
  foldCommunity,
  foldLabel,
  kindOfOfficialCode,
  madeCode,
  mayLieIn,
  parentOfOfficialCode,
  type Place,
  placeCode,
  type PlaceKind,
  placeKinds,
} from './tree.ts';
export { viewPoint } from './views.ts';
