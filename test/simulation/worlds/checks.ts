import type { MemoryStore } from '../../../adapters/memory/store.ts';
import { replay } from '../../../adapters/verify/replay.ts';
import { canonicalJson } from '../../../kernel/digest.ts';
import type { Fact, RecordedFact } from '../../../ledger/fact.ts';
import { keptAs } from '../../../ledger/room.ts';
import { Work } from '../../../ledger/settle.ts';
import { checkCoverage } from './coverage.ts';
import { dawn, work } from './ground.ts';
import { contentOf } from './headquarters.ts';
import type { Phone } from './phone.ts';
import type { Gone, Scene } from './scene.ts';

/** How much was looked at, so that a check which saw nothing does not pass for one that saw. */
export interface Tally {
  readonly facts: number;
  readonly kept: number;
  readonly setAside: number;
  /** Facts that went with a phone, and of those: what headquarters can see to be missing. */
  readonly gone: number;
  readonly gapsSeen: number;
  /** Numbers that a copied phone gave to something else, unseen by headquarters. */
  readonly overwritten: number;
  readonly coverages: number;
  readonly batons: number;
  readonly slots: number;
  readonly folds: number;
}

/** Everything that must hold once the world is at rest. */
export async function checkWorld(world: Scene): Promise<Tally> {
  const { store } = world.headquarters;
  const kept = checkKept(world);
  const lost = checkGone(world);
  checkOnce(world);
  const coverages = checkCoverage(store, world.fail);
  const batons = checkBatons(store, world.fail);
  const slots = checkSlots(store, world.fail);
  const folds = await checkFolds(world);
  return { facts: store.facts.size, ...kept, ...lost, coverages, batons, slots, folds };
}

/** P1, for the living: every fact that a phone said was kept has arrived, or is shown with why. */
function checkKept(world: Scene): Pick<Tally, 'kept' | 'setAside'> {
  let kept = 0;
  let setAside = 0;
  for (const phone of world.phones.filter(({ isGone }) => !isGone)) {
    for (const fact of world.kept.get(phone)?.values() ?? []) {
      kept += 1;
      if (isOnRecord(world, fact)) continue;
      setAside += 1;
      const fault = faultOfKept(world, phone, fact);
      if (fault !== null) world.fail(`P1: ${phone.name} ${fact.id} ${fault}`);
    }
    const waiting = phone.run?.store.waitingCount ?? 0;
    if (waiting > 0) world.fail(`P1: ${waiting} facts still wait on ${phone.name}`);
  }
  return { kept, setAside };
}

function isOnRecord({ headquarters }: Scene, fact: Fact): boolean {
  const there = headquarters.store.facts.get(fact.id);
  return there !== undefined && contentOf(there) === contentOf(fact);
}

/** Why a fact that is not at headquarters is not accounted for; null when it is. */
function faultOfKept(world: Scene, phone: Phone, fact: Fact): string | null {
  const { headquarters, bad, copied } = world;
  const own = phone.run?.store.findOwn(fact.id);
  if (own === undefined) return 'is nowhere';
  if (own.delivery === 'waiting') return 'still waits';
  if (own.delivery !== 'set-aside') return `is ${own.delivery} and not on record`;
  const code = own.problem?.code ?? '';
  const { facts } = headquarters.store;
  if (code === 'ledger.id-reused' && copied.has(phone.id) && facts.has(fact.id)) return null;
  if (code === 'ledger.sequence-reused' && copied.has(phone.id)) {
    return holderOf(world, fact) === null ? `is set aside, and its number is free` : null;
  }
  if (bad.get(contentOf(fact)) === code) return null;
  const curse = headquarters.curses.get(fact.id);
  // Whatever headquarters thinks of it, it never says so.
  if (curse === 'silent' && code === 'outbox.unanswered') return null;
  if (curse === 'blocked' && code === 'proxy.blocked') return null;
  if (curse === 'poisoned' && code === 'outbox.server-fault') return null;
  return `is set aside as ${code}`;
}

/** The fact on record under the number of another. */
function holderOf({ headquarters }: Scene, fact: Fact): RecordedFact | null {
  for (const each of headquarters.store.facts.values()) {
    if (each.deviceId === fact.deviceId && each.deviceSeq === fact.deviceSeq) return each;
  }
  return null;
}

/** P1, for what went with a phone: the gap shows below the greatest number that was reported. */
function checkGone(world: Scene): Pick<Tally, 'gone' | 'gapsSeen' | 'overwritten'> {
  let gapsSeen = 0;
  let overwritten = 0;
  const lost = world.gone.filter(({ fact }) => !isOnRecord(world, fact));
  for (const each of lost) {
    const seen = howSeen(world, each);
    if (seen === 'gap') gapsSeen += 1;
    if (seen === 'overwritten') overwritten += 1;
    if (seen === 'hidden') world.fail(`P1: ${each.phone.name} lost ${each.fact.id} without a gap`);
  }
  return { gone: lost.length, gapsSeen, overwritten };
}

function howSeen(
  world: Scene,
  { phone, fact }: Gone,
): 'gap' | 'overwritten' | 'unheard' | 'hidden' {
  const known = world.headquarters.known.get(fact.deviceId);
  if ((fact.deviceSeq ?? 0) > (known?.keptSeq ?? 0)) return 'unheard';
  if (holderOf(world, fact) === null) {
    return known?.account === phone.actor.account ? 'gap' : 'hidden';
  }
  // Bad items may have used the number; of a copied phone two facts may have had the same one.
  return world.copied.has(fact.deviceId) ? 'overwritten' : 'hidden';
}

/** L2 and L3: one number, one fact; nothing on record that must not be. */
function checkOnce({ headquarters, bad, stranger, fail }: Scene): void {
  const numbers = new Map<string, string>();
  const receipts = new Set<number>();
  for (const fact of headquarters.store.facts.values()) {
    const { id, deviceId, deviceSeq, receipt } = fact;
    if (bad.has(contentOf(fact)) || stranger.bad.has(id)) fail(`L9: ${id} is on record`);
    if (receipts.has(receipt)) fail(`L13: receipt ${receipt} is given twice`);
    receipts.add(receipt);
    const number = `${deviceId}/${deviceSeq}`;
    const other = numbers.get(number);
    if (other !== undefined) fail(`L3: ${id} and ${other} are both number ${number}`);
    numbers.set(number, id);
  }
  if (receipts.size !== headquarters.store.head.receipt) fail('L13: receipts have gaps');
}

/** P3: whatever is under way has a holder and a clock. */
function checkBatons(store: MemoryStore, fail: (what: string) => void): number {
  let looked = 0;
  for (const [tube, { view }] of store.records) {
    if (view.stage === 'unknown' || view.done) continue;
    looked += 1;
    const isHeld = view.holder !== null && view.since !== null && view.dueAt !== null;
    if (!isHeld) fail(`P3: tube ${tube} (${view.stage}) has no holder or no clock`);
  }
  const carried = ['box', 'person', 'transfer', 'stay', 'round'];
  for (const { subject, stage, holder, since, done } of store.subjects.values()) {
    if (!carried.includes(subject.slice(0, subject.indexOf(':')))) continue;
    if (stage === 'unknown' || done) continue;
    looked += 1;
    if (holder === null || since === null) fail(`P3: ${subject} (${stage}) is in nobody's hands`);
  }
  for (const { subject, kind, owner, since, dueAt, endedAt, ending } of store.duties()) {
    looked += 1;
    const isOwned = /^(user|role):\S+$/.test(owner) && dueAt >= since;
    if (!isOwned || (endedAt === null) !== (ending === null)) fail(`P3: ${subject} ${kind}`);
  }
  return looked;
}

/** P4: no bed and no seat has two holders. */
function checkSlots(store: MemoryStore, fail: (what: string) => void): number {
  const holders = new Map<string, string>();
  for (const { subject, slots } of store.derived.values()) {
    for (const { resource, index } of slots) {
      const key = `${resource}#${index}`;
      const other = holders.get(key);
      if (other !== undefined) fail(`P4: ${key} is held by ${subject} and ${other}`);
      holders.set(key, subject);
    }
  }
  return holders.size;
}

/** P7: in another order, and on the phones, the same facts give the same states. */
async function checkFolds(world: Scene): Promise<number> {
  const { headquarters, fail, phones } = world;
  const facts = [...headquarters.store.facts.values()];
  const again = await replay(facts.map(withoutReceipt), work, world.seed);
  const [expected, found] = [pictureOf(headquarters.store), pictureOf(again)];
  for (const key of new Set([...expected.keys(), ...found.keys()])) {
    if (expected.get(key) !== found.get(key)) fail(`P7: ${key} depends on the order of arrival`);
  }
  let folds = expected.size;
  for (const phone of phones) {
    const { run } = phone;
    if (run === null) continue;
    const same = sameSubjects(headquarters.store, run.store.memory);
    folds += same.length;
    const there = await statesOf(headquarters.store, same);
    const here = await statesOf(run.store.memory, same);
    for (const subject of same) {
      if (there.get(subject) !== here.get(subject)) {
        fail(`P7: ${subject} is another thing on ${phone.name}`);
      }
    }
  }
  return folds;
}

function withoutReceipt({
  receipt: _receipt,
  receivedAt: _receivedAt,
  ...fact
}: RecordedFact): Fact {
  return fact;
}

function pictureOf(store: MemoryStore): Map<string, string> {
  const picture = new Map<string, string>();
  for (const { subject, state, stage, holder, done, since } of store.subjects.values()) {
    picture.set(subject, canonicalJson([state, stage, holder, done, since]));
  }
  for (const [key, { state, view }] of store.records) {
    const { stage, since, dueAt, holder, counted, members } = view;
    picture.set(
      `specimen ${key}`,
      canonicalJson([state, stage, since, dueAt, holder, counted, members]),
    );
  }
  for (const { subject, duties, findings, slots } of store.derived.values()) {
    if (duties.length + findings.length + slots.length === 0) continue;
    picture.set(`derived ${subject}`, canonicalJson([duties, findings, slots]));
  }
  return picture;
}

/** Tubes and boxes of which both know the very same facts. */
function sameSubjects(left: MemoryStore, right: MemoryStore): string[] {
  const named = (store: MemoryStore): Map<string, string> => {
    const bySubject = Map.groupBy(store.facts.values(), ({ subject }) => subject);
    const pairs = [...bySubject].flatMap(([subject, facts]): [string, string][] =>
      /^(tube|box):/.test(subject)
        ? [
            [
              subject,
              facts
                .map((fact) => contentOf(fact))
                .sort()
                .join('\n'),
            ],
          ]
        : [],
    );
    return new Map(pairs);
  };
  const there = named(left);
  return [...named(right)].flatMap(([subject, facts]) =>
    there.get(subject) === facts ? [subject] : [],
  );
}

async function statesOf(
  store: MemoryStore,
  subjects: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const states = await store.transact((transaction) =>
    new Work(transaction, { ...work, receivedAt: dawn }).states(subjects),
  );
  return new Map([...states].map(([subject, state]) => [subject, canonicalJson(keptAs(state))]));
}
