import type { Json } from '../../kernel/assert.ts';
import type { Finding } from '../../ledger/derive.ts';
import { countOf, journeyOf } from './chain.ts';
import type { CustodyCode } from './codes.ts';
import { type Mark, shortened } from './ids.ts';
import type { CustodyPolicy } from './rules.ts';
import type { BoxState, Leg, Receipt } from './state.ts';

const headquarters = 'role:headquarters';
const laboratory = 'role:laboratory';

/** Everything about a box that a person must look at. */
export function findingsOf(state: BoxState, policy: CustodyPolicy): Finding[] {
  return [
    ...conflictsOf(state),
    ...sealingOf(state),
    ...journeyFindings(state),
    ...receiptFindings(state, policy),
    ...lossOf(state),
  ];
}

function found(
  code: CustodyCode,
  mark: Mark,
  { key = code, owner = headquarters, ...details }: { key?: string; owner?: string } & Details,
): Finding {
  return { key, code, owner, place: mark.place, at: mark.at, details };
}

interface Details {
  readonly [k: string]: Json;
}

/** Rule CU-2. A later report that contradicts the one believed: both stay, a person decides. */
function conflictsOf(state: BoxState): Finding[] {
  return state.conflicts.map((conflict) =>
    found(conflict.code, conflict, {
      key: `${conflict.code}/${conflict.factId}`,
      box: state.box,
      by: conflict.by,
      fact: conflict.factId,
    }),
  );
}

/** Rule CU-4. A journey without a sealing; it heals when the sealing comes on record. */
function sealingOf(state: BoxState): Finding[] {
  const first = state.legs[0] ?? state.receipt ?? state.loss;
  if (state.seal !== null || first === null) return [];
  return [found('custody.not-sealed', first, { box: state.box, by: first.by })];
}

/** Rule CU-3. Each leg must begin with whoever ended the one before. */
function journeyFindings(state: BoxState): Finding[] {
  const findings: Finding[] = [];
  let holder = state.seal?.from ?? null;
  let legExpected = 1;
  for (const leg of journeyOf(state)) {
    if (leg.leg > legExpected) {
      findings.push(skipped(state.box, leg, legExpected));
      // Nobody knows who held the box before this leg, so its giver cannot be judged.
      holder = null;
    }
    if (holder !== null && leg.from !== holder) {
      const key = `custody.not-the-holder/${leg.leg}`;
      const { from, to } = leg;
      findings.push(
        found('custody.not-the-holder', leg, {
          key,
          box: state.box,
          leg: leg.leg,
          from,
          to,
          holder,
        }),
      );
    }
    if (leg.from === leg.to) {
      const key = `custody.same-holder/${leg.leg}`;
      const details = { key, box: state.box, leg: leg.leg, holder: leg.to };
      findings.push(found('custody.same-holder', leg, details));
    }
    holder = leg.to;
    legExpected = leg.leg + 1;
  }
  return findings;
}

function skipped(box: string, leg: Leg, legExpected: number): Finding {
  const key = `custody.leg-skipped/${leg.leg}`;
  return found('custody.leg-skipped', leg, { key, box, leg: leg.leg, legExpected });
}

/** Rule CU-5 and CU-7. Differences at receipt, and the temperature. */
function receiptFindings(state: BoxState, policy: CustodyPolicy): Finding[] {
  const { receipt } = state;
  const count = countOf(state);
  if (receipt === null || count === null) return [];
  const { box } = state;
  const findings: Finding[] = [];
  const missing = count.missing.filter((tube) => {
    const outcome = state.outcomes[tube]?.outcome;
    return outcome === undefined || outcome === 'lost';
  });
  if (missing.length > 0) {
    findings.push(found('custody.tubes-missing', receipt, { box, ...shortened(missing) }));
  }
  const extra = count.extra.filter((tube) => state.outcomes[tube] === undefined);
  if (extra.length > 0) {
    const details = { owner: laboratory, box, ...shortened(extra) };
    findings.push(found('custody.tubes-extra', receipt, details));
  }
  if (count.broken.length > 0) {
    findings.push(found('custody.tubes-broken', receipt, { box, ...shortened(count.broken) }));
  }
  return [...findings, ...strangeOutcomes(state), ...temperatureOf(state, receipt, policy)];
}

/** Rule CU-6. An explanation of a tube that is neither missing nor extra, or of the wrong kind. */
function strangeOutcomes(state: BoxState): Finding[] {
  const findings: Finding[] = [];
  for (const [tube, given] of Object.entries(state.outcomes)) {
    const code = outcomeFault(state, tube, given.outcome);
    if (code === null) continue;
    const details = { owner: laboratory, box: state.box, tube, outcome: given.outcome };
    findings.push(found(code, given, { key: `${code}/${tube}`, ...details }));
  }
  return findings;
}

/** Rule CU-6. Why an outcome does not fit a tube; null when it does. */
export function outcomeFault(state: BoxState, tube: string, outcome: string): CustodyCode | null {
  const count = countOf(state);
  if (count === null) return 'custody.not-received';
  if (count.missing.includes(tube)) return outcome === 'accepted' ? 'custody.outcome-unfit' : null;
  if (count.extra.includes(tube)) return outcome === 'accepted' ? null : 'custody.outcome-unfit';
  return 'custody.no-difference';
}

/** Rule CU-7. Whether the box came too warm, by the receiver's word or by the thermometer. */
export function isWarm(receipt: Receipt, policy: CustodyPolicy): boolean {
  if (receipt.warm) return true;
  const { temperatureCelsius } = receipt;
  return temperatureCelsius !== null && temperatureCelsius > policy.temperatureMaxCelsius;
}

function temperatureOf(state: BoxState, receipt: Receipt, policy: CustodyPolicy): Finding[] {
  const { temperatureCelsius } = receipt;
  const details = { owner: laboratory, box: state.box, temperatureCelsius };
  if (isWarm(receipt, policy)) return [found('custody.box-warm', receipt, details)];
  const isCold = temperatureCelsius !== null && temperatureCelsius < policy.temperatureMinCelsius;
  return isCold ? [found('custody.box-cold', receipt, details)] : [];
}

/** Rule CU-8. A lost box, until it is found. */
function lossOf(state: BoxState): Finding[] {
  if (state.stage !== 'lost' || state.loss === null) return [];
  const tubeCount = state.seal?.tubes.length ?? null;
  const { reason } = state.loss;
  return [found('custody.box-lost', state.loss, { box: state.box, tubeCount, reason })];
}
