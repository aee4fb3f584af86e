import { liveWorld, type Outcome } from './world.ts';

/** Many worlds together. */
export interface Report {
  readonly worlds: number;
  /** The worlds in which something did not hold. */
  readonly failed: readonly Outcome[];
  /** What was looked at in all of them together. */
  readonly looked: { readonly [what: string]: number };
}

interface RunOptions {
  readonly worlds: number;
  readonly firstSeed: number;
  readonly stopAtFirst?: boolean;
  readonly progress?: (lived: number) => void;
}

/** Lives worlds with seeds from the first on, one after another. */
export async function runWorlds(options: RunOptions): Promise<Report> {
  const { worlds, firstSeed, stopAtFirst = false, progress } = options;
  const failed: Outcome[] = [];
  const looked: { [what: string]: number } = {};
  let lived = 0;
  while (lived < worlds && !(stopAtFirst && failed.length > 0)) {
    const outcome = await liveWorld(firstSeed + lived);
    lived += 1;
    if (outcome.violations.length > 0) failed.push(outcome);
    for (const [what, count] of Object.entries(outcome.tally)) {
      looked[what] = (looked[what] ?? 0) + Number(count);
    }
    progress?.(lived);
  }
  return { worlds: lived, failed, looked };
}
