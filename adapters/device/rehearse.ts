import type { Json } from '../../kernel/assert.ts';
import { Work } from '../../ledger/settle.ts';
import { serialLabel, serialMax } from '../../rooms/screening/label.ts';
import { MemoryStore } from '../memory/store.ts';
import type { Holdings } from './holdings.ts';
import { recordAct } from './record-act.ts';

/** The last of the series; it is opened in a record of its own, so the true one stays unused. */
const tube = serialLabel('tube', serialMax);

/**
 * Goes through a tube of two in a record that nobody sees and of which nothing is kept: on a slow
 * phone whatever runs for the first time takes several times as long, and the first person at the
 * table would wait for it. Each step begins when `next` lets it, and none after it answers false.
 * False when the device has no round, nobody to be in a tube, or nobody signed in.
 */
export async function rehearse(holdings: Holdings, next: () => Promise<boolean>): Promise<boolean> {
  const { register, standing, sessions } = holdings;
  const round = standing.rounds().find(({ stage }) => stage === 'open');
  const [first, second] = register.persons;
  const actor = sessions.current;
  if (round === undefined || first === undefined || second === undefined || actor === null) {
    return false;
  }
  const scratch = new MemoryStore();
  await scratch.transact(async (transaction) => {
    const work = new Work(transaction, holdings.context());
    await work.apply(holdings.store.memory.factsOn(`round:${round.id}`));
    await work.settle();
    await work.flush();
  });
  const place = register.buildingOf(first);
  const opened = { tube, place, round: round.id, poolSize: round.poolSize, point: 'rehearsal' };
  const acts: readonly (readonly [name: string, body: Json])[] = [
    ['screening.open-tube', opened],
    ['screening.add-person', { tube, person: first }],
    ['screening.add-person', { tube, person: second }],
    ['screening.seal-tube', { tube }],
  ];
  for (const [index, [name, body]] of acts.entries()) {
    if (!(await next())) return true;
    const asked = { name, body, actId: `rehearsal-${index}`, actor };
    const done = await scratch.transact((transaction) => recordAct(transaction, holdings, asked));
    if (done.kind === 'refused') return false;
  }
  return true;
}
