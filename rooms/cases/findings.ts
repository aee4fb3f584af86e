import type { Finding } from '../../ledger/derive.ts';
import type { CaseFile } from './file.ts';

/** Rules CA-10 and CA-14. What on a person's record contradicts itself or the rules. */
export function findingsOf(file: CaseFile, place: string): Finding[] {
  const owner = 'role:headquarters';
  const findings: Finding[] = file.contradictions.map((one) => ({ ...one, owner, place }));
  for (const spell of file.spells) {
    if (spell.based) continue;
    findings.push({
      key: `isolated-without-order.${spell.at.toString(36)}`,
      code: 'cases.isolated-without-order',
      owner,
      place,
      at: spell.at,
      details: { where: spell.where },
    });
  }
  const { reportedAt } = file.early;
  if (reportedAt !== null) {
    findings.push({
      key: 'reported-without-case',
      code: 'cases.reported-without-case',
      owner,
      place,
      at: reportedAt,
      details: {},
    });
  }
  return findings;
}
