import { dayMs } from '../../kernel/instant.ts';
import { keyOf, type RecordedFact } from '../../ledger/fact.ts';
import { covers } from '../../ledger/access.ts';
import {
  type Fate,
  type FieldChanges,
  type FieldEntryChanges,
  fieldFormat,
  type FieldPersonChanges,
} from '../device/package.ts';
import { placesWithin } from '../../rooms/screening/index.ts';
import * as field from '../postgres/field.ts';
import type { ServerContext } from './context.ts';
import { dutyOwners, type FieldScope, touching } from './field-scope.ts';

/** So much may happen between two questions; a device that was away longer asks for everything. */
const factsMax = 100_000;
/** Edits older than this have met their fate on another screen. */
const ownDays = 3;

type Persons = FieldPersonChanges;

const noPersons: Persons['added'] = {
  ...{ id: [], household: [], sex: [], bornYear: [], name: [], hash: [] },
};
const noHouseholds: Persons['households'] = { id: [], place: [], label: [] };
const nobody: Persons = {
  ...{ moved: [], merged: [], left: [], added: noPersons, households: noHouseholds },
};

/** What happened at a device's places since a receipt that it was told. */
export async function changesOf(
  context: ServerContext,
  scope: FieldScope,
  since: number,
): Promise<FieldChanges> {
  const { pool, clock } = context;
  const { place, device, depth } = scope;
  const head = await field.headNow(pool);
  const now = clock.now();
  const frame = { format: fieldFormat, place: place.code, asOf: now, ...head, now } as const;
  const own = now - ownDays * dayMs;
  const subjects = await field.subjectsOfDevice(pool, device, own);
  const rounds = touching(context, scope, await field.openRounds(pool));
  const facts =
    since > head.receipt || head.receipt - since > factsMax
      ? null
      : await field.factsSince(pool, {
          ...{ since, until: head.receipt, notOf: device },
          places: scope.below.map(({ code }) => code),
          subjects: [...subjects, ...rounds.map(({ round }) => `round:${round}`)],
        });
  // A roster that was imported changes more than is told person by person.
  if (facts === null || (await hasNewRoster(context, scope, since))) {
    return { ...frame, resync: true, ...empty };
  }
  const register = facts.filter(({ kind }) => kind.startsWith('persons.'));
  const withPersons = depth === 'household';
  return {
    ...frame,
    resync: false,
    facts: facts.filter(({ kind }) => withPersons || kind.startsWith('custody.')),
    entries: withPersons ? await entriesSince(context, scope, since) : [],
    persons: withPersons ? await personsSince(context, scope, register) : nobody,
    fates: await fatesOf(context, scope, {
      ...{ facts, subjects, own },
      rounds: rounds.map(({ round }) => round),
    }),
    duties: await field.fieldDuties(pool, place.path, dutyOwners(scope)),
  };
}

const empty = { facts: [], entries: [], persons: nobody, fates: [], duties: [] };

async function hasNewRoster(
  { pool, roster }: ServerContext,
  { place }: FieldScope,
  since: number,
): Promise<boolean> {
  const places = await field.rostersSince(pool, since);
  return places.some((code) => {
    const path = roster().pathOf(code);
    return path === null || covers(code, place.path) || covers(place.code, path);
  });
}

/** Who counts as sampled now and who no longer does, and which reasons came and went. */
async function entriesSince(
  context: ServerContext,
  { place }: FieldScope,
  since: number,
): Promise<FieldEntryChanges[]> {
  const { pool, coverages } = context;
  const roster = context.roster();
  const tubes = await field.tubesSince(pool, since);
  const dispositions = await field.dispositionsSince(pool, place.path, since);
  const touched = new Map<string, Set<number>>();
  for (const { round, members } of tubes) {
    if (round === null) continue;
    for (const person of members.map(roster.personOf)) {
      const home = roster.homeOf(person);
      if (home === null || !covers(place.code, roster.pathOf(home) ?? '')) continue;
      const persons = touched.get(round);
      if (persons === undefined) touched.set(round, new Set([person]));
      else persons.add(person);
    }
  }
  const rounds = new Set([...touched.keys(), ...dispositions.map(({ round }) => round)]);
  const changes: FieldEntryChanges[] = [];
  for (const round of rounds) {
    const book = await coverages.book(pool, round);
    const persons = [...(touched.get(round) ?? [])].sort((left, right) => left - right);
    const isSampled = (person: number): boolean => (book?.tubesOf(person) ?? 0) > 0;
    changes.push({
      round,
      sampled: persons.filter(isSampled),
      unsampled: persons.filter((person) => !isSampled(person)),
      dispositions: dispositions
        .filter((entry) => entry.round === round)
        .map(({ round: _round, ...entry }) => entry),
    });
  }
  return changes;
}

/** Who came to the place, moved within it, left it, or turned out to be somebody else. */
async function personsSince(
  { pool, roster }: ServerContext,
  { actor, device, place, below }: FieldScope,
  register: readonly RecordedFact[],
): Promise<Persons> {
  if (register.length === 0) return nobody;
  const { homeOf, pathOf, arrays } = roster();
  const named = [...new Set(register.map(({ subject }) => Number(keyOf(subject))))];
  const merged = register.flatMap(({ kind, subject, body }) =>
    kind === 'persons.person-merged'
      ? [{ person: Number(keyOf(subject)), into: (body as { into: number }).into }]
      : [],
  );
  const gone = new Set(merged.map(({ person }) => person));
  const here = named.filter((person) => {
    const path = pathOf(homeOf(person) ?? '');
    return !gone.has(person) && path !== null && covers(place.code, path);
  });
  const left = named.filter((person) => !gone.has(person) && !here.includes(person));
  const reader = { actor: actor.account, device, path: place.path };
  const read = here.length === 0 ? null : await field.fieldPersons(pool, reader, here);
  const homes = [...new Set(here.map((person) => arrays.householdOf[person] ?? 0))];
  const places = below.map(({ code }) => code);
  const households = await field.fieldHouseholds(pool, places, homes);
  const rooms = new Map(households.id.map((id, index) => [id, households.label[index] ?? '']));
  const moved = here.map((person) => {
    const household = arrays.householdOf[person] ?? 0;
    const home = homeOf(person) ?? place.code;
    return { person, household, place: home, label: rooms.get(household) ?? '' };
  });
  return { moved, merged, left, added: read?.persons ?? noPersons, households };
}

/** Contradictions with what the device recorded, and what others did to its tubes and people. */
async function fatesOf(
  context: ServerContext,
  scope: FieldScope,
  of: {
    readonly rounds: readonly string[];
    readonly facts: readonly RecordedFact[];
    readonly subjects: readonly string[];
    readonly own: number;
  },
): Promise<readonly Fate[]> {
  const { pool } = context;
  const { device } = scope;
  const tubes = of.subjects.filter((subject) => subject.startsWith('tube:'));
  const specimens = tubes.map((subject) => `specimen:${keyOf(subject)}`);
  const found = await field.findingsOn(pool, [...of.subjects, ...specimens]);
  const mine = new Set(of.subjects);
  const done = of.facts.flatMap((fact) => fateOfTubes(fact, mine));
  const moves = of.facts.filter(({ kind }) => kind in fateOfMove);
  const persons = moves.map(({ subject }) => Number(keyOf(subject)));
  const asked = { device, since: of.own, persons };
  const inTubes = await field.personsOfDevice(pool, asked);
  const moved = moves.flatMap(({ kind, subject, body, at }) => {
    const person = Number(keyOf(subject));
    const tube = inTubes.get(person);
    if (tube === undefined) return [];
    const code = fateOfMove[kind] ?? kind;
    const { household = null, into = null } = body as { household?: number; into?: number };
    return [{ subject: tube, code, details: { person, household, into }, at }];
  });
  const twice = await sampledTwice(context, scope, { rounds: of.rounds, since: of.own });
  return [...found, ...done, ...moved, ...twice];
}

/** Rule SC-11. People of the place who are in a tube of this device and in another one, too. */
async function sampledTwice(
  context: ServerContext,
  { place, device }: FieldScope,
  { rounds, since }: { readonly rounds: readonly string[]; readonly since: number },
): Promise<Fate[]> {
  const { pool, coverages, clock } = context;
  const roster = context.roster();
  const within = placesWithin(roster.arrays, roster.indexOf(place.code));
  const fates: Fate[] = [];
  for (const round of rounds) {
    const book = await coverages.book(pool, round);
    const persons = book?.sampledTwice(within) ?? [];
    const mine = await field.personsOfDevice(pool, { device, since, persons });
    for (const [person, subject] of mine) {
      const details = { person, round, tubes: book?.tubesOf(person) ?? 0 };
      fates.push({ subject, code: 'screening.person-sampled-twice', details, at: clock.now() });
    }
  }
  return fates;
}

const fateOfMove: { readonly [kind: string]: string } = {
  'persons.person-moved': 'field.person-moved',
  'persons.person-merged': 'field.person-merged',
};

function fateOfTubes(fact: RecordedFact, mine: ReadonlySet<string>): Fate[] {
  const { kind, subject, actor: by, at, body } = fact;
  if (kind === 'custody.box-sealed') {
    const { tubes } = body as { tubes: readonly string[] };
    const boxed = tubes.filter((tube) => mine.has(`tube:${tube}`));
    if (boxed.length === 0) return [];
    return [{ subject, code: 'field.tube-boxed', details: { by, tubes: boxed }, at }];
  }
  if (!mine.has(subject)) return [];
  if (kind === 'screening.tube-voided') {
    const { reason } = body as { reason: string };
    return [{ subject, code: 'field.tube-voided', details: { by, reason }, at }];
  }
  if (kind !== 'screening.tube-sealed') return [];
  return [{ subject, code: 'field.tube-sealed', details: { by }, at }];
}
