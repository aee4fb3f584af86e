import { Fault } from '../fault.ts';
import { type FieldChanges, fieldFormat, type FieldPackage, type FieldPersons } from './package.ts';
import type { KeptPackage } from './roster.ts';

/** Reads a package from outside: its frame is looked at, its columns are taken as they are. */
export function readPackage(value: unknown): FieldPackage {
  checkFrame(value, ['places', 'points', 'facts', 'entries', 'duties'], ['households', 'persons']);
  const { households, persons } = value as FieldPackage; // the frame was just looked at
  checkColumns([households.id, households.place, households.label]);
  const { id, household, sex, bornYear, name, hash } = persons;
  checkColumns([id, household, sex, bornYear, name, hash]);
  return value as FieldPackage;
}

/** Reads changes from outside. */
export function readChanges(value: unknown): FieldChanges {
  checkFrame(value, ['facts', 'entries', 'fates', 'duties'], ['persons']);
  return value as FieldChanges; // the frame was just looked at
}

function checkFrame(
  value: unknown,
  lists: readonly string[],
  records: readonly string[],
): asserts value is object {
  const frame = isRecord(value) ? value : {};
  if (typeof frame['format'] === 'number' && frame['format'] > fieldFormat) {
    throw new Fault('device.newer-app', `form ${frame['format']} is newer than ${fieldFormat}`);
  }
  const isWhole =
    frame['format'] === fieldFormat &&
    ['receipt', 'lamport', 'asOf', 'now'].every((name) => Number.isSafeInteger(frame[name])) &&
    lists.every((name) => Array.isArray(frame[name])) &&
    records.every((name) => isRecord(frame[name]));
  if (!isWhole) throw unreadable();
}

function checkColumns(columns: readonly unknown[]): void {
  const [first] = columns;
  const size = Array.isArray(first) ? first.length : -1;
  const areEven = columns.every((column) => Array.isArray(column) && column.length === size);
  if (!areEven) throw unreadable();
}

function unreadable(): Fault {
  return new Fault('device.answer-unreadable', 'what answered is no package of headquarters', {
    retry: 'later',
  });
}

function isRecord(value: unknown): value is { readonly [name: string]: unknown } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A package as it is kept: its facts go into the record. */
export function toKept({ facts: _facts, ...rest }: FieldPackage, before: KeptPackage): KeptPackage {
  return { ...rest, merged: rest.place === before.place ? before.merged : [] };
}

/** The package with changes worked in. Told again, the same changes change nothing. */
export function withChanges(kept: KeptPackage, changes: FieldChanges): KeptPackage {
  const { moved, merged, left, added, households } = changes.persons;
  const newHomes = moved.map(({ household, place, label }) => ({ household, place, label }));
  households.id.forEach((household, index) => {
    const place = households.place[index] ?? '';
    newHomes.push({ household, place, label: households.label[index] ?? '' });
  });
  const gone = new Set([...left, ...merged.map(({ person }) => person)]);
  const homeOf = new Map(moved.map(({ person, household }) => [person, household]));
  const { asOf, receipt, lamport, now, duties } = changes;
  const persons = withPersons(kept.persons, { gone, homeOf, added });
  return {
    ...kept,
    ...{ asOf, receipt, lamport, now, duties },
    households: withHomes(withoutEmptied(kept.households, persons), newHomes),
    persons,
    entries: withEntries(kept.entries, changes.entries),
    merged: [...kept.merged.filter(({ person }) => !gone.has(person)), ...merged],
  };
}

/** Homes made up for walk-ins have negative ids, and end when nobody is in them. */
function withoutEmptied(
  { id, place, label }: KeptPackage['households'],
  { household }: FieldPersons,
): KeptPackage['households'] {
  const lived = new Set(household);
  const only = <T>(column: readonly T[]): T[] =>
    column.filter((_, index) => (id[index] ?? 0) > 0 || lived.has(id[index] ?? 0));
  return { id: only(id), place: only(place), label: only(label) };
}

function withHomes(
  { id, place, label }: KeptPackage['households'],
  homes: readonly { household: number; place: string; label: string }[],
): KeptPackage['households'] {
  const columns = { id: [...id], place: [...place], label: [...label] };
  const indexOf = new Map(id.map((household, index) => [household, index]));
  for (const home of homes) {
    const index = indexOf.get(home.household) ?? columns.id.length;
    indexOf.set(home.household, index);
    columns.id[index] = home.household;
    columns.place[index] = home.place;
    columns.label[index] = home.label;
  }
  return columns;
}

function withPersons(
  persons: FieldPersons,
  {
    gone,
    homeOf,
    added,
  }: { gone: ReadonlySet<number>; homeOf: ReadonlyMap<number, number>; added: FieldPersons },
): FieldPersons {
  const isNew = new Set(added.id);
  const stays = persons.id.map((person) => !gone.has(person) && !isNew.has(person));
  const only = <T>(column: readonly T[], fresh: readonly T[]): T[] => [
    ...column.filter((_, index) => stays[index]),
    ...fresh,
  ];
  const household = persons.household.map((home, index) => {
    return homeOf.get(persons.id[index] ?? 0) ?? home;
  });
  return {
    id: only(persons.id, added.id),
    household: only(household, added.household),
    sex: only(persons.sex, added.sex),
    bornYear: only(persons.bornYear, added.bornYear),
    name: only(persons.name, added.name),
    hash: only(persons.hash, added.hash),
  };
}

function withEntries(
  entries: KeptPackage['entries'],
  changes: FieldChanges['entries'],
): KeptPackage['entries'] {
  const byRound = new Map(entries.map((each) => [each.round, each]));
  for (const { round, sampled, unsampled } of changes) {
    const before = new Set(byRound.get(round)?.sampled ?? []);
    for (const person of unsampled) before.delete(person);
    for (const person of sampled) before.add(person);
    byRound.set(round, { round, sampled: [...before], dispositions: [] });
  }
  return [...byRound.values()];
}
