import type { MemoryStore } from '../../../adapters/memory/store.ts';
import { keptAs } from '../../../ledger/room.ts';
import {
  CoverageBook,
  countsAt,
  dueOf,
  type EntryState,
  settlesEntry,
} from '../../../rooms/screening/index.ts';
import { district, homeOf, personsCount, roster } from './ground.ts';

/** P2: at every place roster = sampled + excused + open, and each person is exactly one of them. */
export function checkCoverage(store: MemoryStore, fail: (what: string) => void): number {
  const due = dueOf(roster, { areas: [district], group: null, startsOnDay: 0 });
  const book = new CoverageBook(roster, due);
  const sampled = new Set<number>();
  const excused = new Set<number>();
  for (const { view } of store.records.values()) {
    if (view.round !== 'R1' || !view.counted) continue;
    book.addTube(view.members, 1);
    for (const person of view.members) sampled.add(person);
  }
  for (const { subject, state } of store.subjects.values()) {
    if (!subject.startsWith('entry:R1/')) continue;
    const entry = keptAs<EntryState>(state);
    book.setDisposition(entry.person, entry.disposition);
    if (entry.walkIn) book.addWalkIn(entry.person);
    if (settlesEntry(entry)) excused.add(entry.person);
  }
  const shown = book.countByPlace();
  roster.placeCodes.forEach((code, index) => {
    const counts = countsAt(shown, index);
    const own = { roster: 0, sampled: 0, excused: 0, open: 0 };
    for (let person = 1; person <= personsCount; person++) {
      if (code !== district && homeOf(person) !== code) continue;
      own.roster += 1;
      const stage = sampled.has(person) ? 'sampled' : excused.has(person) ? 'excused' : 'open';
      own[stage] += 1;
    }
    const isWhole = counts.roster === counts.sampled + counts.excused + counts.open;
    const isSame = counts.sampled === own.sampled && counts.open === own.open;
    if (!isWhole || !isSame || counts.roster !== own.roster) {
      fail(`P2: ${code} shows ${JSON.stringify(counts)}, facts say ${JSON.stringify(own)}`);
    }
  });
  return roster.placeCodes.length;
}
