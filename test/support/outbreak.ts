import { addDays, type Day, dayOf, startOfDay } from '../../kernel/day.ts';
import { dayMs, hourMs, instant, minuteMs } from '../../kernel/instant.ts';
import { Random } from '../../kernel/random.ts';
import type { Staff } from './chain.ts';
import { communities, district } from './people.ts';

/** One infection of the made outbreak, as it is put on record through the desks. */
export interface Made {
  readonly person: number;
  /** Days before today on which the sample was taken. */
  readonly daysAgo: number;
  readonly foundIn: 'community' | 'isolation';
  /** Days from onset to sample; null where nobody knows the onset. */
  readonly onsetDays: number | null;
  readonly reported: boolean;
}

const offsetMinutes = 480;
const today = dayOf(instant(Date.now()), offsetMinutes);
const noonOf = (daysAgo: number): number =>
  startOfDay(addDays(today, -daysAgo), offsetMinutes) + 4 * hourMs;
/** The day so many days before today, where the operation runs. */
export const onDay = (daysAgo: number): Day => addDays(today, -daysAgo);

/** Found in the west only in isolation: its towns differ in how they stand. */
function makeOutbreak(): Made[] {
  const random = new Random(7);
  const perDay = [1, 1, 2, 2, 3, 3, 4, 4, 5, 4, 4, 3, 3, 2];
  let person = 0;
  return perDay.flatMap((count, index) =>
    Array.from({ length: count }, (): Made => {
      person += 1;
      const isWest = person % 3 === 0;
      return {
        // Two households in three are of the east, persons 1 to 60; the rest are of the west.
        person: isWest ? 60 + person : person,
        daysAgo: 20 - index,
        foundIn: isWest || random.chance(0.5) ? 'isolation' : 'community',
        onsetDays: random.chance(0.2) ? null : random.between(0, 3),
        reported: random.chance(0.9),
      };
    }),
  );
}

/** Forty-one infections of a fortnight that ended a week ago, among the people of `people.ts`. */
export const outbreak: readonly Made[] = makeOutbreak();

/** Puts the outbreak on record through the desks, in one round that is still open. */
export async function recordOutbreak(staff: Staff): Promise<void> {
  await staff.headquarters.must('screening.open-round', {
    round: 'R1',
    place: district,
    label: { en: 'Round R1', zh: 'R1 轮' },
    areas: [district],
    group: null,
    poolSize: 10,
    startsAt: noonOf(21),
    endsAt: noonOf(0),
  });
  for (const [daysAgo, cases] of Map.groupBy(outbreak, (made) => made.daysAgo)) {
    await recordDay(staff, daysAgo, cases);
  }
}

/** A day: its cases sampled singly at noon, tested within seven hours, reported and visited. */
async function recordDay(staff: Staff, daysAgo: number, cases: readonly Made[]): Promise<void> {
  const at = (minutes: number) => ({ at: noonOf(daysAgo) + minutes * minuteMs });
  const [box, plate] = [`BOX-${daysAgo}`, `PLATE-${daysAgo}`];
  const tubes = cases.map(({ person }) => `TUBE-${person}`);
  for (const { person } of cases) {
    const seal = { round: 'R1', purpose: 'round', poolSize: 1, point: 'SP1' };
    const place = communities[Math.floor((person - 1) / 30)] ?? communities[0];
    const body = { tube: `TUBE-${person}`, ...seal, place, members: [person] };
    await staff.sampler.must('screening.record-tube', body, at(0));
  }
  const place = communities[0];
  await staff.sampler.must('custody.seal-box', { box, tubes, place }, at(30));
  await staff.sampler.must('custody.hand-over', { box, to: 'user:courier' }, at(40));
  const received = { box, laboratory: 'LAB1', present: tubes, temperatureCelsius: 4 };
  await staff.laboratory.must('custody.receive', received, at(60));
  const wells = tubes.map((tube, index) => ({ well: `${'CDEFGH'[index] ?? 'H'}1`, tube }));
  const controls = [
    { well: 'A1', control: 'positive' },
    { well: 'B1', control: 'negative' },
  ];
  const load = { plate, laboratory: 'LAB1', place, wells, controls };
  await staff.laboratory.must('laboratory.load-plate', load, at(120));
  const readings = ['A1', 'B1', ...wells.map(({ well }) => well)].flatMap((well) => [
    { well, target: 'ORF1ab', ct: well === 'B1' ? null : 25 },
    { well, target: 'N', ct: well === 'B1' ? null : 25 },
    { well, target: 'IC', ct: 28 },
  ]);
  const read = { plate, instrument: 'cycler 1', readings };
  await staff.laboratory.must('laboratory.read-plate', read, at(240));
  await staff.signer.must('laboratory.sign-plate', { plate }, at(300));
  await staff.signer.must('results.release', { plate }, at(420));
  for (const { person, foundIn, onsetDays, reported } of cases) {
    const report = { person, reportedTo: 'network' };
    if (reported) await staff.headquarters.must('cases.report-case', report, at(480));
    const onset = onsetDays === null ? {} : { onsetOn: onDay(daysAgo + onsetDays) };
    const told = { person, foundIn, ...onset };
    await staff.community.must('cases.record-investigation', told, at(dayMs / minuteMs));
  }
}
