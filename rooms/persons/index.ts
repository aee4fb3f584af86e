import { faultReasons, refusalReasons } from './fault-reasons.ts';
import { keyPatterns } from '../../kernel/id.ts';
import { defineSubject, type Room } from '../../ledger/room.ts';
import { rosterFacts } from './facts.ts';
import { policyDefaults, policySchema } from './rules.ts';
import * as resident from './resident.ts';
import * as state from './state.ts';

/** Who lives where: the roster, households and identity. The only room that knows a name. */
export const persons: Room = {
  name: 'persons',
  codes: { ...faultReasons, ...refusalReasons },
  label: { en: 'Persons', zh: '人员' },
  policySchema,
  policyDefaults,
  subjects: [
    defineSubject({
      prefix: 'roster',
      keyPattern: keyPatterns.name,
      label: { en: 'Roster import', zh: '名册导入' },
      facts: rosterFacts,
      initial: state.initialRoster,
      evolve: state.evolveRoster,
      view: state.viewRoster,
    }),
    defineSubject({
      prefix: 'resident',
      keyPattern: keyPatterns.number,
      label: { en: 'Person on the register', zh: '在册人员' },
      facts: resident.residentFacts,
      initial: resident.initialResident,
      evolve: resident.evolveResident,
      view: resident.viewResident,
    }),
  ],
  acts: {},
};

export { checkDigit, type CitizenNumber, parseCitizenNumber } from './citizen-number.ts';
export {
  fieldLabels,
  looksLikeHeader,
  readHeader,
  type RosterColumns,
  type RosterField,
  rosterFields,
  type RosterHeader,
} from './columns.ts';
export { calendarDay, dayOfSerial } from './dates.ts';
export { type RosterImported, rosterFacts } from './facts.ts';
export { type FaultCode, faultReasons } from './fault-reasons.ts';
export { foldCell, foldName } from './fold.ts';
export {
  type Cell,
  type Fault,
  foldRoom,
  type HomeLabels,
  identifies,
  type NumberCell,
  parseRosterRow,
  type RefusedCell,
  type RosterPerson,
} from './roster-row.ts';
export { residentFacts, type ResidentState } from './resident.ts';
export {
  type DocumentType,
  documentTypes,
  type PersonsPolicy,
  policyDefaults as personsPolicyDefaults,
  type Sex,
} from './rules.ts';
export {
  evolveRoster,
  initialRoster,
  rosterImported,
  type RosterState,
  viewRoster,
} from './state.ts';
export { parseBornOn, parseDocumentNumber, parseName, parsePhone, parseSex } from './values.ts';
