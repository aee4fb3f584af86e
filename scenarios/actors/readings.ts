import type { Random } from '../../kernel/random.ts';
import type { ScenarioPolicy } from '../scenario.ts';

/** One measurement of an instrument. */
export type WellReading = {
  readonly well: string;
  readonly target: 'ORF1ab' | 'N' | 'IC';
  readonly ct: number | null;
};

/**
 * What an instrument shows of a well: both targets about the true threshold, N a little earlier,
 * and the internal control. A failed well shows nothing at all. A mixed tube with nobody infected
 * reacts late and in one target once in a while.
 */
export function readingsOf(
  random: Random,
  { well, ct, pooled }: { well: string; ct: number | null | 'failed'; pooled: boolean },
  policy: ScenarioPolicy,
): WellReading[] {
  const { falseReactiveShare, ctNoise } = policy.laboratory;
  const noise = (): number => ctNoise * random.normal();
  const control = round(27 + 1.2 * random.normal());
  const of = (orf1ab: number | null, n: number | null, ic: number | null): WellReading[] => [
    { well, target: 'ORF1ab', ct: orf1ab },
    { well, target: 'N', ct: n },
    { well, target: 'IC', ct: ic },
  ];
  if (ct === 'failed') return of(null, null, null);
  if (ct !== null) return of(detected(ct + noise()), detected(ct - 0.7 + noise()), control);
  const reacts = pooled && random.chance(falseReactiveShare);
  return of(null, reacts ? detected(38 + noise()) : null, control);
}

/** Cycles end at 40: what crosses later is not seen. */
function detected(ct: number): number | null {
  return ct >= 40 ? null : round(Math.max(8, ct));
}

function round(ct: number): number {
  return Math.round(ct * 100) / 100;
}
