import type { Json } from '../../kernel/assert.ts';
import type { Finding } from '../../ledger/derive.ts';
import { type Mark, shortened } from '../custody/index.ts';
import type { LaboratoryCode, ReleaseCode } from './codes.ts';
import {
  failedControls,
  loadFaults,
  readFaults,
  type Rules,
  rulesOf,
  type TubeCall,
  tubeCalls,
} from './plate.ts';
import type { AccessionState, Load, PlateState, Reading } from './state.ts';

interface Details {
  readonly [k: string]: Json;
}

/** A finding that the laboratory itself must look at. */
function found(
  code: LaboratoryCode | ReleaseCode,
  mark: Mark,
  details: Details,
  key: string = code,
): Finding {
  return { key, code, owner: 'role:laboratory', place: mark.place, at: mark.at, details };
}

/** Everything about an accession that a person must look at. */
export function accessionFindings(state: AccessionState): Finding[] {
  return state.conflicts.map((conflict) => {
    const details = { accession: state.accession, by: conflict.by, fact: conflict.factId };
    return found(conflict.code, conflict, details, `${conflict.code}/${conflict.factId}`);
  });
}

/** Everything about a plate that a person must look at. */
export function plateFindings(state: PlateState, policy: Rules): Finding[] {
  const rules = rulesOf(state, policy);
  const calls = tubeCalls(state, policy);
  return [
    ...conflictsOf(state),
    ...gapsOf(state),
    ...loadFindings(state, rules),
    ...readFindings(state, rules),
    ...signFindings(state),
    ...rerunFindings(state, calls),
    ...releaseFindings(state, calls),
  ];
}

function conflictsOf(state: PlateState): Finding[] {
  return state.conflicts.map((conflict) => {
    const details = { plate: state.plate, by: conflict.by, fact: conflict.factId };
    return found(conflict.code, conflict, details, `${conflict.code}/${conflict.factId}`);
  });
}

/** Rule LA-1. A step without the one before it; it heals when that comes on record. */
function gapsOf(state: PlateState): Finding[] {
  const { load, reading, signing, rejection, plate } = state;
  const findings: Finding[] = [];
  const later = reading ?? signing ?? rejection;
  if (load === null && later !== null) {
    findings.push(found('laboratory.not-loaded', later, { plate }));
  }
  if (reading === null && signing !== null) {
    findings.push(found('laboratory.not-read', signing, { plate, by: signing.by }));
  }
  return findings;
}

/** Rules LA-2, LA-3, LA-5. Wells, tubes and controls as they were filled. */
function loadFindings({ load, plate }: PlateState, { ruleSet }: Rules): Finding[] {
  if (load === null) return [];
  const faults = loadFaults(load, ruleSet);
  const findings = [
    ...listed('laboratory.unknown-well', load, { plate, list: faults.unknownWells }),
    ...listed('laboratory.well-twice', load, { plate, list: faults.wellsTwice }),
    ...listed('laboratory.tube-twice', load, { plate, list: faults.tubesTwice }),
  ];
  if (faults.hasControls) return findings;
  return [...findings, found('laboratory.controls-missing', load, { plate })];
}

/** One finding for a list of wells or tubes that share a fault. */
function listed(
  code: LaboratoryCode | ReleaseCode,
  mark: Mark,
  { plate, list, key = code }: { plate: string; list: readonly string[]; key?: string },
): Finding[] {
  return list.length === 0 ? [] : [found(code, mark, { plate, ...shortened(list) }, key)];
}

/** Rules LA-4, LA-5, LA-8. Readings beside what was loaded. */
function readFindings(state: PlateState, { ruleSet }: Rules): Finding[] {
  const { load, reading, plate } = state;
  if (load === null || reading === null) return [];
  const faults = readFaults(load, reading.wells, ruleSet);
  const unknown = { plate, list: faults.unknownWells, key: 'laboratory.unknown-well/read' };
  return [
    ...listed('laboratory.wells-unread', reading, { plate, list: faults.unread }),
    ...listed('laboratory.reading-twice', reading, { plate, list: faults.readTwice }),
    ...listed('laboratory.contamination', reading, { plate, list: faults.contaminated }),
    ...listed('laboratory.unknown-well', reading, unknown),
    ...controlFindings(plate, { load, reading }, ruleSet),
  ];
}

function controlFindings(
  plate: string,
  { load, reading }: { load: Load; reading: Reading },
  ruleSet: Rules['ruleSet'],
): Finding[] {
  const list = failedControls(load, reading.wells, ruleSet);
  return listed('laboratory.control-failed', reading, { plate, list });
}

/** Rule LA-6. A second person signs. */
function signFindings({ load, reading, signing, plate }: PlateState): Finding[] {
  if (signing === null) return [];
  const { by } = signing;
  if (by !== load?.by && by !== reading?.by) return [];
  return [found('laboratory.same-signer', signing, { plate, by })];
}

/** Rule LA-7. Tubes that were run again, or given up, though no run was owed. */
function rerunFindings(state: PlateState, calls: readonly TubeCall[]): Finding[] {
  if (state.load === null) return [];
  const owed = new Set(calls.flatMap(({ tube, isRerunOwed }) => (isRerunOwed ? [tube] : [])));
  const findings: Finding[] = [];
  const said = [...Object.entries(state.rerunLoaded), ...Object.entries(state.waived)];
  for (const [tube, mark] of said) {
    if (owed.has(tube)) continue;
    const key = `laboratory.rerun-not-due/${tube}/${mark.factId}`;
    findings.push(found('laboratory.rerun-not-due', mark, { plate: state.plate, tube }, key));
  }
  return findings;
}

/**
 * Rule RE-1, seen from the plate: what was released beside what was signed. Whether a released
 * result is the signed call is asked of each specimen by itself.
 */
function releaseFindings(state: PlateState, calls: readonly TubeCall[]): Finding[] {
  const { plate, rejection, stage } = state;
  const findings: Finding[] = [];
  const known = new Set(calls.map(({ tube }) => tube));
  for (const [release, entry] of Object.entries(state.released)) {
    if (rejection !== null && stage === 'signed') {
      const key = `laboratory.already-released/${release}`;
      findings.push(found('laboratory.already-released', rejection, { plate, release }, key));
    }
    if (stage !== 'signed') {
      const key = `results.plate-not-signed/${release}`;
      findings.push(found('results.plate-not-signed', entry, { plate, release, stage }, key));
      continue;
    }
    const list = Object.keys(entry.results).filter((tube) => !known.has(tube));
    const key = `results.unknown-tube/${release}`;
    findings.push(...listed('results.unknown-tube', entry, { plate, list, key }));
  }
  return findings;
}
