import { keptAs } from '../../ledger/room.ts';
import {
  countsAt,
  type EntryState,
  type RoundState,
  settlesEntry,
} from '../../rooms/screening/index.ts';
import { type Check, Tally, type VerifyContext } from './check.ts';

/**
 * P2. For every round and place: roster = sampled + excused + open, from plain sets of people
 * built out of the facts, against what the screens answer; and each place is the sum of those
 * directly below it and of the households at it.
 */
export async function checkCoverage(context: VerifyContext): Promise<Check[]> {
  const counts = new Tally('P2', 'round × place: roster = sampled + excused + open');
  const sums = new Tally('P2', 'round × place: the sum of the places below and its own households');
  const people = new Tally('P2', 'round × person: exactly one of sampled, excused, open');
  for (const row of context.replayed.subjects.values()) {
    if (!row.subject.startsWith('round:')) continue;
    const state = keptAs<RoundState>(row.state);
    if (state.stage === 'unknown') continue;
    const sets = await setsOf(context, state.round);
    const own = countHomes(context, sets);
    const book = await context.coverages.book(context.pool, state.round);
    const shown = book?.countByPlace() ?? null;
    if (book === null || shown === null) {
      counts.look(`round ${state.round} has no coverage`);
      continue;
    }
    const total = rollUp(context, own);
    context.roster.arrays.placeCodes.forEach((code, index) => {
      const { roster, sampled, excused, open } = countsAt(shown, index);
      const [s = 0, e = 0, o = 0] = total.subarray(index * 3, index * 3 + 3);
      const same = sampled === s && excused === e && open === o && roster === s + e + o;
      const told = `shown ${sampled}+${excused}+${open}=${roster}, facts ${s}+${e}+${o}`;
      counts.look(same ? null : `${state.round} ${code}: ${told}`);
      sums.look(sumFault(context, { shown, own, index, code }));
    });
    for (const person of sets.roster) {
      const isSampled = sets.sampled.has(person);
      const isExcused = !isSampled && sets.excused.has(person);
      const agrees = book.isOpen(person) === (!isSampled && !isExcused) && book.onRoster(person);
      people.look(agrees ? null : `${state.round}: person ${person}`);
    }
  }
  return [counts.check(), sums.check(), people.check()];
}

interface Sets {
  readonly roster: ReadonlySet<number>;
  readonly sampled: ReadonlySet<number>;
  readonly excused: ReadonlySet<number>;
}

async function setsOf(context: VerifyContext, round: string): Promise<Sets> {
  const roster = new Set<number>();
  const sampled = new Set<number>();
  const excused = new Set<number>();
  const { personOf } = context.roster;
  const { rows } = await context.pool.query<{ bits: Buffer }>(
    'select bits from round_rosters where round = $1',
    [round],
  );
  rows[0]?.bits.forEach((byte, index) => {
    for (let bit = 0; bit < 8; bit++) if ((byte >> bit) & 1) roster.add(personOf(index * 8 + bit));
  });
  for (const { view } of context.replayed.records.values()) {
    if (view.round !== round || !view.counted) continue;
    for (const person of view.members.map(personOf)) {
      sampled.add(person);
      roster.add(person);
    }
  }
  for (const { subject, state } of context.replayed.subjects.values()) {
    if (!subject.startsWith(`entry:${round}/`)) continue;
    const entry = keptAs<EntryState>(state);
    if (entry.walkIn) roster.add(personOf(entry.person));
    if (settlesEntry(entry)) excused.add(personOf(entry.person));
  }
  return { roster, sampled, excused };
}

function countHomes({ roster }: VerifyContext, sets: Sets): Int32Array {
  const own = new Int32Array(roster.arrays.placeCodes.length * 3);
  for (const person of sets.roster) {
    const home = roster.indexOf(roster.homeOf(person) ?? '');
    if (home < 0) continue;
    const column = sets.sampled.has(person) ? 0 : sets.excused.has(person) ? 1 : 2;
    own[home * 3 + column] = (own[home * 3 + column] as number) + 1;
  }
  return own;
}

/** Adds each place to all above it, by walking up from each: slow and obvious on purpose. */
function rollUp({ roster }: VerifyContext, own: Int32Array): Int32Array {
  const total = new Int32Array(own.length);
  for (let place = 0; place < own.length / 3; place++) {
    for (let above = place; above >= 0; above = roster.arrays.parentOfPlace[above] as number) {
      for (let column = 0; column < 3; column++) {
        const added = own[place * 3 + column] as number;
        total[above * 3 + column] = (total[above * 3 + column] as number) + added;
      }
    }
  }
  return total;
}

function sumFault(
  { roster }: VerifyContext,
  at: { shown: Int32Array; own: Int32Array; index: number; code: string },
): string | null {
  const children = childIndexes(roster.arrays.parentOfPlace).get(at.index) ?? [];
  for (let column = 0; column < 3; column++) {
    let sum = at.own[at.index * 3 + column] as number;
    for (const child of children) sum += at.shown[child * 3 + column] as number;
    if (sum !== at.shown[at.index * 3 + column]) return `${at.code}: parts do not add up`;
  }
  return null;
}

const childrenOf = new WeakMap<Int32Array, Map<number, number[]>>();

function childIndexes(parents: Int32Array): Map<number, number[]> {
  const known = childrenOf.get(parents);
  if (known !== undefined) return known;
  const children = new Map<number, number[]>();
  parents.forEach((parent, index) => {
    const list = children.get(parent);
    if (list === undefined) children.set(parent, [index]);
    else list.push(index);
  });
  childrenOf.set(parents, children);
  return children;
}
