import { hourMs } from '../../kernel/instant.ts';
import type { Client, Reply } from './client.ts';
import { communities, district } from './people.ts';
import type { TestServer } from './server.ts';

/** One account a role, each held everywhere; two at the laboratory, because a second one signs. */
export interface Staff {
  readonly headquarters: Client;
  readonly community: Client;
  readonly sampler: Client;
  readonly courier: Client;
  readonly laboratory: Client;
  readonly signer: Client;
  readonly dispatcher: Client;
  readonly facility: Client;
}

/** Makes the accounts of a small operation. */
export async function hire(server: TestServer): Promise<Staff> {
  const made = await Promise.all([
    server.signUp('hq', ['headquarters']),
    server.signUp('community', ['community']),
    server.signUp('sampler', ['sampler']),
    server.signUp('courier', ['courier']),
    server.signUp('lab-one', ['laboratory']),
    server.signUp('lab-two', ['laboratory']),
    server.signUp('dispatcher', ['dispatcher']),
    server.signUp('ward', ['facility']),
  ]);
  const [headquarters, community, sampler, courier, laboratory, signer, dispatcher, facility] =
    made;
  return { headquarters, community, sampler, courier, laboratory, signer, dispatcher, facility };
}

/** Opens a round over the whole district, begun an hour ago. */
export function openRound(
  { headquarters }: Pick<Staff, 'headquarters'>,
  round: string,
): Promise<Reply> {
  const now = Date.now();
  return headquarters.must('screening.open-round', {
    round,
    place: district,
    label: { en: `Round ${round}`, zh: `${round} 轮` },
    areas: [district],
    group: null,
    poolSize: 10,
    startsAt: now - hourMs,
    endsAt: now + hourMs,
  });
}

/** Opens a sampling point: an act that bears on nothing else. */
export function openPoint(headquarters: Client, point: string): Promise<Reply> {
  const label = { en: `Point ${point}`, zh: `${point} 点` };
  return headquarters.must('places.open-point', {
    point,
    place: communities[0],
    pointKind: 'sampling',
    label,
  });
}

/** A tube as it is entered whole at a desk. */
export function tubeOf(tube: string, members: readonly number[], changes: object = {}) {
  const seal = { purpose: 'round', poolSize: 10, point: 'SP1', place: communities[0] };
  return { tube, round: 'R1', ...seal, members: [...members], ...changes };
}

/** Seals, carries and takes in tubes as one box. */
export async function deliver(staff: Staff, box: string, tubes: readonly string[]): Promise<void> {
  const place = communities[0];
  await staff.sampler.must('custody.seal-box', { box, tubes: [...tubes], place });
  await staff.sampler.must('custody.hand-over', { box, to: 'user:courier' });
  await staff.laboratory.must('custody.receive', {
    box,
    laboratory: 'LAB1',
    present: [...tubes],
    temperatureCelsius: 4,
  });
}

/** Ct value of a tube: null where nothing was amplified, `invalid` where nothing ran at all. */
type Measured = number | null | 'invalid';

interface Run {
  /** Tubes and what the instrument measures in them. */
  readonly tubes: { readonly [tube: string]: Measured };
  /** The plate on which all of them failed before. */
  readonly rerunOf?: string;
  /** Ct value of the positive control; 27 when left out, null when it failed. */
  readonly positive?: number | null;
}

/** Loads and reads a plate: positive control in A1, negative in B1, tubes from C1 on. */
export async function runPlate(
  { laboratory }: Pick<Staff, 'laboratory'>,
  plate: string,
  { tubes, rerunOf, positive = 27 }: Run,
): Promise<void> {
  const again = rerunOf === undefined ? {} : { rerunOf };
  const measured = Object.entries(tubes).map(([tube, ct], index) => ({
    well: `${'CDEFGH'[index] ?? 'H'}1`,
    tube,
    ct,
  }));
  await laboratory.must('laboratory.load-plate', {
    plate,
    laboratory: 'LAB1',
    place: communities[0],
    wells: measured.map(({ well, tube }) => ({ well, tube, ...again })),
    controls: [
      { well: 'A1', control: 'positive' },
      { well: 'B1', control: 'negative' },
    ],
  });
  const readings = [
    ...readingsOf('A1', positive),
    ...readingsOf('B1', null),
    ...measured.flatMap(({ well, ct }) => readingsOf(well, ct)),
  ];
  await laboratory.must('laboratory.read-plate', { plate, instrument: 'cycler 1', readings });
}

/** Runs, signs and releases a plate. */
export async function testPlate(staff: Staff, plate: string, run: Run): Promise<Reply> {
  await runPlate(staff, plate, run);
  await staff.signer.must('laboratory.sign-plate', { plate });
  return staff.signer.must('results.release', { plate });
}

function readingsOf(
  well: string,
  measured: Measured,
): { well: string; target: string; ct: number | null }[] {
  const ct = measured === 'invalid' ? null : measured;
  return [
    { well, target: 'ORF1ab', ct },
    { well, target: 'N', ct },
    { well, target: 'IC', ct: measured === 'invalid' ? null : 28 },
  ];
}

/** Codes of the findings about a subject. */
export function findingsOf(server: TestServer, subject: string): Promise<string[]> {
  return server.column<string>('select code from findings where subject = $1 order by code', [
    subject,
  ]);
}
