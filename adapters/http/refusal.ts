import { ledgerCodes } from '../../ledger/codes.ts';
import type { Refusal } from '../../ledger/decision.ts';
import type { Label } from '../../ledger/room.ts';
import { fateCodes } from '../device/package.ts';
import { labelReasons } from '../exchange/labels/codes.ts';
import { fileReasons } from '../exchange/refusal.ts';
import { serverCodes } from './codes.ts';
import type { ServerContext } from './context.ts';
import { Problem } from './problem.ts';

/** Every code of the rooms, the record and the readers of files, in the words of screens. */
export function wordsOf({ catalogue }: Pick<ServerContext, 'catalogue'>): {
  readonly [code: string]: Label;
} {
  const rooms = catalogue.rooms.map(({ codes }) => codes);
  const own = [ledgerCodes, fileReasons, labelReasons, serverCodes, fateCodes];
  return Object.assign({}, ...own, ...rooms) as ReturnType<typeof wordsOf>;
}

/** A refusal as a problem: its code, what to do in words, and what the rules looked at. */
export function refusalProblem(
  context: Pick<ServerContext, 'catalogue'>,
  { code, details }: Refusal,
  options: { readonly status?: number } = {},
): Problem {
  return new Problem(code, wordsOf(context)[code]?.en ?? `refused: ${code}`, {
    details,
    ...options,
  });
}

/** What came of a question to the registers; a refusal becomes a problem. */
export function unlessRefused<T extends object>(
  context: Pick<ServerContext, 'catalogue'>,
  outcome: T | Refusal,
): T {
  if (!('kind' in outcome) || outcome.kind !== 'refused') return outcome as T;
  throw refusalProblem(context, outcome);
}
