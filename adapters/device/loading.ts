import { canonicalJson, digest } from '../../kernel/digest.ts';
import type { Fact, RecordedFact } from '../../ledger/fact.ts';
import { Work } from '../../ledger/settle.ts';
import { Fault } from '../fault.ts';
import { readChanges, readPackage, toKept, withChanges } from './changes.ts';
import { takeUpDrafts } from './drafts.ts';
import { type Holdings, writeBeside } from './holdings.ts';
import type { OwnRecord, Writes } from './keep.ts';
import type { FieldChanges, FieldPackage } from './package.ts';
import { emptyPackage, type KeptPackage } from './roster.ts';
import { registerDevice } from './sending.ts';
import { staleIds } from './stale.ts';
import { baseFacts } from './standing.ts';
import type { DeviceTransaction } from './store.ts';
import type { Fate, LoadProgress } from './types.ts';
import { withWalkIn } from './walk-ins.ts';

/** The most fates that are shown; the oldest make room. */
const fatesMax = 500;

/** Loads a place: what was heard before makes room, what the device recorded itself stays. */
export async function loadPackage(
  holdings: Holdings,
  place: string,
  onProgress: (progress: LoadProgress) => void,
): Promise<void> {
  const { headquarters, clock } = holdings.parts;
  const delivered = holdings.store.ownFacts('delivered').map(({ id }) => id);
  const query = new URLSearchParams({ place, device: holdings.identity.id });
  const path = `/v1/field/package?${query}`;
  await registerDevice(holdings);
  const value = await headquarters.download(path, { ...credentialsOf(holdings), onProgress });
  const loaded = readPackage(value);
  onProgress({ step: 'keeping', receivedBytes: 0, totalBytes: null });
  const known = clock.learn(loaded.now);
  await holdings.inTurn(async () => {
    const parts = { package: packageOf(holdings, loaded) };
    await holdings.parts.keep.write((writes) => {
      writeBeside(writes, parts);
      writes.put('meta', known, 'clock');
      replaceHeard(holdings, writes, { loaded, delivered: new Set(delivered) });
    });
    holdings.show(parts);
    await holdings.reopen();
  });
  onProgress({ step: 'done', receivedBytes: 0, totalBytes: null });
}

/** The package as it is kept, with the people whom headquarters has not heard of yet. */
function packageOf({ package: before, walkIns }: Holdings, loaded: FieldPackage): KeptPackage {
  const kept = toKept(loaded, before);
  const entries = kept.entries.map((each) => ({ ...each, dispositions: [] }));
  const known = new Set(kept.persons.id);
  return walkIns.reduce<KeptPackage>(
    (held, { person, walkIn }) =>
      walkIn === null || known.has(person) ? held : withWalkIn(held, person, walkIn),
    { ...kept, entries },
  );
}

/** Writes what a package says in place of what was heard before. */
function replaceHeard(
  { store, identity, parts: { clock } }: Holdings,
  writes: Writes,
  { loaded, delivered }: { loaded: FieldPackage; delivered: ReadonlySet<string> },
): void {
  const { deviceSeq, lamport } = store.memory.head;
  const own = loaded.facts.filter((fact) => store.isOwn(fact));
  // A device that was restored from a copy must not give out again what headquarters has.
  const numbers = own.flatMap((fact) =>
    fact.deviceId === identity.id ? [fact.deviceSeq ?? 0] : [],
  );
  const head = {
    deviceSeq: numbers.reduce((most, number) => Math.max(most, number), deviceSeq),
    lamport: Math.max(lamport, loaded.lamport),
  };
  writes.put('meta', head, 'head');
  writes.clear('heard');
  for (const fact of loaded.facts) {
    if (!store.isOwn(fact) && !isOfEntry(fact)) writes.put('heard', fact);
  }
  for (const fact of baseFacts(loaded)) writes.put('heard', fact);
  for (const fact of own) {
    if (store.findOwn(fact.id) === undefined) writes.put('own', covered(fact));
  }
  const told = new Set(own.map(({ id }) => id));
  const records = [...store.ownFacts('delivered'), ...store.ownFacts('covered')];
  const aging = records.map((record) => {
    const isCovered = record.delivery === 'covered' || delivered.has(record.id);
    return { fact: record.fact, isCovered: isCovered && !told.has(record.id) };
  });
  const stale = staleIds(aging, clock.now());
  let letGo = store.letGo;
  for (const { fact, isCovered } of aging) {
    // What headquarters says of an entry now stands in the package.
    if (stale.has(fact.id) || (isCovered && isOfEntry(fact))) {
      writes.delete('own', fact.id);
      letGo += 1;
    } else if (isCovered || told.has(fact.id)) writes.put('own', covered(fact));
  }
  writes.put('meta', { letGo }, 'counters');
}

/** What headquarters makes of an entry is told as a whole, so its facts are not wanted as well. */
function isOfEntry({ subject }: Fact): boolean {
  return subject.startsWith('entry:');
}

function covered(fact: Fact): OwnRecord {
  return { id: fact.id, fact, delivery: 'covered' };
}

/** The session of whoever is signed in; throws when nobody is. */
/** How the device shows headquarters who asks; throws when nobody is signed in. */
export function credentialsOf({ sessions, identity }: Holdings): {
  token: string;
  deviceKey: string;
} {
  const token = sessions.tokens[sessions.current?.account ?? ''];
  if (token === undefined) throw new Fault('device.signed-out', 'nobody is signed in');
  return { token, deviceKey: identity.key };
}

/** Brings the place up to date: what others did, and what became of this device's facts. */
export async function refresh(holdings: Holdings): Promise<void> {
  const { package: held, parts, store } = holdings;
  if (held.place === '') throw new Fault('device.no-package', 'no place has been loaded');
  const delivered = store.ownFacts('delivered');
  const { place, receipt } = held;
  const query = { place, device: holdings.identity.id, since: String(receipt) };
  const path = `/v1/field/changes?${new URLSearchParams(query)}`;
  const value = await parts.headquarters.ask(path, credentialsOf(holdings));
  const changes = readChanges(value);
  if (changes.resync) return loadPackage(holdings, place, () => undefined);
  const known = parts.clock.learn(changes.now);
  await holdings.inTurn(async () => {
    // Another place, or later news, came in between: what was asked for is of no interest now.
    if (holdings.package.place !== place || holdings.package.receipt > changes.receipt) return;
    const now = {
      package: withChanges(holdings.package, changes),
      fates: withFates(holdings, changes),
    };
    await holdings.store
      .transact(async (transaction) => {
        const moved = await hear(holdings, transaction, { changes, delivered });
        transaction.beside((writes) => {
          writeBeside(writes, now);
          writes.put('meta', known, 'clock');
          for (const record of moved) writes.put('own', record);
        });
        return moved;
      })
      .then((moved) => holdings.store.noteMoved(moved));
    holdings.show(now);
  });
}

/** Works what was heard into the record; gives the own facts that headquarters' word now covers. */
async function hear(
  holdings: Holdings,
  transaction: DeviceTransaction,
  { changes, delivered }: { changes: FieldChanges; delivered: readonly OwnRecord[] },
): Promise<OwnRecord[]> {
  const { parts, store } = holdings;
  const { memory } = store;
  const fresh = changes.facts.filter((fact) => {
    const isKnown = parts.catalogue.findFact(fact.kind) !== undefined;
    const isOthers = !store.isOwn(fact) && !memory.facts.has(fact.id);
    return isKnown && isOthers && !isOfEntry(fact);
  });
  const bases = baseFacts({ ...changes, entries: changes.entries });
  const told = new Set(bases.map(({ subject }) => subject));
  const isPast = (id: string): boolean => {
    const delivery = store.findOwn(id)?.delivery;
    return delivery === 'covered' || delivered.some((record) => record.id === id);
  };
  // Headquarters' word on an entry takes the place of all that it was made from.
  const past = [...told].flatMap((subject) =>
    memory.factsOn(subject).flatMap(({ id, lamport }) => (lamport === 0 || isPast(id) ? [id] : [])),
  );
  transaction.forget(past);
  transaction.head.lamport = Math.max(transaction.head.lamport, changes.lamport);
  const work = new Work(transaction, holdings.context());
  const heard = await work.apply([...fresh, ...bases].map(withoutReceipt));
  await work.settle();
  await work.flush();
  await takeUpDrafts(transaction, heard, store);
  const gone = new Set(past);
  return delivered.flatMap(({ id, fact }) => (gone.has(id) ? [] : [covered(fact)]));
}

function withoutReceipt({
  receipt: _receipt,
  receivedAt: _receivedAt,
  ...fact
}: Fact & Partial<Pick<RecordedFact, 'receipt' | 'receivedAt'>>): Fact {
  return fact;
}

/** Headquarters tells a fate as long as it stands; one that was read here is not shown again. */
function withFates({ fates, fatesRead }: Holdings, { fates: told }: FieldChanges): readonly Fate[] {
  const read = new Set(fatesRead);
  const all = new Map([...fates, ...told].map((fate) => [fateKey(fate), fate]));
  return [...all].flatMap(([key, fate]) => (read.has(key) ? [] : [fate])).slice(-fatesMax);
}

function fateKey(fate: Fate): string {
  return digest(canonicalJson(fate));
}

/** Puts the fates that are shown among those that were read. */
export async function dismissFates(holdings: Holdings): Promise<void> {
  const fatesRead = [...holdings.fatesRead, ...holdings.fates.map(fateKey)].slice(-4 * fatesMax);
  await holdings.put({ fates: [], fatesRead });
}

/** Lets go of the place and everything heard; own facts only with it when forced. */
export async function dropPackage(holdings: Holdings, isForced: boolean): Promise<void> {
  await holdings.inTurn(async () => {
    const { store, walkIns } = holdings;
    const { setAside, drafts, delivered } = store.counts();
    const owed = walkIns.filter(({ delivery }) => delivery !== 'delivered').length;
    if (!isForced && store.waitingCount + setAside + drafts + owed > 0) {
      throw new Fault('device.waiting-facts', 'something has not been delivered yet');
    }
    const parts = { package: emptyPackage, fates: [] };
    await holdings.parts.keep.write((writes) => {
      writeBeside(writes, parts);
      writes.put('meta', { letGo: delivered }, 'counters');
      for (const table of ['heard', 'own', 'walkIns'] as const) writes.clear(table);
    });
    holdings.show(parts);
    await holdings.reopen();
  });
}
