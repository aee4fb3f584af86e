import { serialLabel } from '../../rooms/screening/index.ts';
import { round } from './city.ts';

/** The greatest number seen, from which every device of the generator counts on. */
export interface LamportClock {
  value: number;
}

/**
 * A device: numbers its own facts and writes them as text. Facts are spliced from strings, because
 * building and serialising objects would be most of what a generator does.
 */
export class Recorder {
  readonly id: string;
  readonly #clock: LamportClock;
  #seq = 0;

  constructor(id: string, clock: LamportClock) {
    this.id = id;
    this.#clock = clock;
  }

  /** A fact as JSON; the body is JSON already. */
  fact(kind: string, subject: string, place: string, body: string): string {
    this.#seq += 1;
    this.#clock.value += 1;
    const seq = this.#seq;
    const id = `${this.id}.${String(seq).padStart(8, '0')}.0`;
    const what = `"id":"${id}","kind":"${kind}","subject":"${subject}","place":"${place}"`;
    const order = `"deviceSeq":${seq},"lamport":${this.#clock.value},"at":${Date.now()}`;
    return `{${what},"deviceId":"${this.id}",${order},"body":${body}}`;
  }
}

/** Label of a tube by its serial. */
export const tubeLabel = (serial: number): string => serialLabel('tube', serial);
/** Label of a box by its serial. */
export const boxLabel = (serial: number): string => serialLabel('box', serial);

/** Body of a sealed tube. */
export function sealBody(members: readonly number[], purpose: 'round' | 'recall'): string {
  const pool = purpose === 'round' ? 10 : 1;
  const what = `"round":"${round}","purpose":"${purpose}","poolSize":${pool}`;
  return `{${what},"members":[${members.join(',')}],"point":"S1"}`;
}

/** Labels as a JSON list. */
export function labelList(labels: readonly string[]): string {
  return labels.length === 0 ? '[]' : `["${labels.join('","')}"]`;
}

/** Wells for samples; G12 and H12 hold the controls, and two more stay free. */
export const tubesPerPlate = 92;
const wells = Array.from({ length: tubesPerPlate }, (_, index) => {
  return `${'ABCDEFGH'[index % 8] ?? 'A'}${Math.floor(index / 8) + 1}`;
});

function readings(well: string, target: number | null, control: number | null): string {
  const of = (name: string, ct: number | null): string =>
    `{"well":"${well}","target":"${name}","ct":${ct}}`;
  return [of('ORF1ab', target), of('N', target), of('IC', control)].join(',');
}

const negativeReadings = wells.map((well, index) => readings(well, null, 26 + (index % 20) / 10));
const controlReadings = `${readings('G12', 27.1, 27)},${readings('H12', null, 27)}`;
const controls = '[{"well":"G12","control":"positive"},{"well":"H12","control":"negative"}]';

/** Body of a loaded plate. */
export function loadBody(laboratory: string, tubes: readonly string[]): string {
  const filled = tubes.map((tube, index) => {
    return `{"well":"${wells[index] ?? ''}","tube":"${tube}","attempt":1}`;
  });
  return `{"laboratory":"${laboratory}","wells":[${filled.join(',')}],"controls":${controls}}`;
}

/** Body of a read plate: everything negative but the tubes that hold somebody infected. */
export function readBody(tubes: readonly string[], positive: ReadonlySet<string>): string {
  const measured = tubes.map((tube, index) =>
    positive.has(tube)
      ? readings(wells[index] ?? '', 22 + (index % 60) / 10, 28.4)
      : (negativeReadings[index] ?? ''),
  );
  return `{"instrument":"cycler-1","readings":[${measured.join(',')},${controlReadings}]}`;
}

/** Body of a release: the calls that the readings lead to. */
export function releaseBody(
  { plate, laboratory }: { readonly plate: string; readonly laboratory: string },
  tubes: readonly string[],
  positive: ReadonlySet<string>,
): string {
  const results = tubes.map((tube) => {
    return `{"tube":"${tube}","result":"${positive.has(tube) ? 'positive' : 'negative'}"}`;
  });
  const of = `"plate":"${plate}","laboratory":"${laboratory}"`;
  return `{${of},"results":[${results.join(',')}]}`;
}
