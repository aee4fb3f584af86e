import type { RecordedFact } from '../../ledger/fact.ts';
import { factColumns } from '../postgres/fact-store.ts';
import { checkBatons } from './batons.ts';
import type { Check, VerifyContext } from './check.ts';
import { checkCoverage } from './coverage.ts';
import { checkNames } from './names.ts';
import { replay } from './replay.ts';
import { checkScarce } from './scarce.ts';
import { checkSameState } from './same-state.ts';

/**
 * Recomputes promises P2, P3, P4, P6 and P7 of docs/promises.md from the facts alone and
 * compares with what the database and the screens say. Each says how many things it looked at: in
 * an operation that has begun, a check that looked at nothing has proved nothing.
 */
export async function verify(
  base: Omit<VerifyContext, 'facts' | 'replayed' | 'registers'>,
  progress: (line: string) => void,
): Promise<{ ok: boolean; checks: Check[] }> {
  const registers = base.roster;
  const { rows: facts } = await base.pool.query<RecordedFact & { readonly [c: string]: unknown }>(
    `select ${factColumns} from facts order by receipt`,
  );
  progress(`${facts.length} facts read; folding them again in another order`);
  const replayed = await replay(facts, { ...base, registers }, facts.length + 1);
  const context: VerifyContext = { ...base, registers, facts, replayed };
  const checks: Check[] = [];
  for (const check of [checkCoverage, checkBatons, checkScarce, checkNames, checkSameState]) {
    progress(`checking ${check.name}`);
    checks.push(...(await check(context)));
  }
  return { ok: checks.every(({ failed }) => failed === 0), checks };
}
