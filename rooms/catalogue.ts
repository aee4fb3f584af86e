import { Compile } from 'typebox/compile';
import { Catalogue } from '../ledger/catalogue.ts';
import { keptAs, type RecordKind, type Room } from '../ledger/room.ts';
import { admission } from './admission/index.ts';
import { capacity } from './capacity/index.ts';
import { cases } from './cases/index.ts';
import { custody } from './custody/index.ts';
import { duties } from './duties/index.ts';
import { laboratory } from './laboratory/index.ts';
import { persons } from './persons/index.ts';
import { places } from './places/index.ts';
import { results, specimenRecord } from './results/index.ts';
import { screening } from './screening/index.ts';
import { transfer } from './transfer/index.ts';
import { trend } from './trend/index.ts';

/** All rooms in their lanes: a room uses only rooms above it. */
export const allRooms: readonly Room[] = [
  duties,
  places,
  persons,
  screening,
  custody,
  laboratory,
  results,
  cases,
  capacity,
  transfer,
  admission,
  trend,
];

/** The rooms of a deployment, ready to be asked. */
export function createCatalogue(): Catalogue {
  return new Catalogue(allRooms, keptAs<RecordKind>(specimenRecord), Compile);
}
