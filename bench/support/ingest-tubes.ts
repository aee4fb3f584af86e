/** Who sends tubes: a registered device in the hands of an account of its town. */
export interface Sender {
  readonly index: number;
  readonly token: string;
  readonly device: string;
  readonly key: string;
}

/** How many of everything there are in the world of a bench of tubes. */
export interface Layout {
  readonly senders: number;
  readonly towns: number;
  readonly communities: number;
  /** Screening rounds that are open: everybody is sampled once in each. */
  readonly rounds: number;
}

/** People of one community, in as many tubes of ten as there are tens. */
export const personsPerCommunity = 1_000;
/** People in a tube. */
export const tubeSize = 10;
const tubesPerCommunity = personsPerCommunity / tubeSize;
/** Coprime with the people of a community: neighbours do not queue in order of number. */
const queueStep = 389;

/** A world of about so many people for so many senders, with rounds enough for so many tubes. */
export function layoutFor(wanted: { senders: number; people: number; tubes: number }): Layout {
  const { senders } = wanted;
  const each = Math.max(1, Math.round(wanted.people / personsPerCommunity / senders));
  const communities = each * senders;
  const rounds = Math.ceil(wanted.tubes / (communities * tubesPerCommunity)) + 1;
  return { senders, towns: Math.min(8, senders), communities, rounds };
}

/** Code of the n-th town, from 0 on. */
export function townCode(town: number): string {
  return `310113${101 + town}`;
}

/** Code of the n-th community, from 0 on: each sender has its own ones, all in its town. */
export function communityCode({ senders, towns }: Layout, index: number): string {
  const sender = index % senders;
  const lanes = Math.ceil(senders / towns);
  const serial = Math.floor(index / senders) * lanes + Math.floor(sender / towns);
  return townCode(sender % towns) + String(serial + 1).padStart(3, '0');
}

/** Name of the n-th screening round, from 0 on. */
export function roundId(round: number): string {
  return `R${round + 1}`;
}

/** The tubes of one sender as facts in JSON, one after the other, none twice. */
export class TubeSource {
  readonly #layout: Layout;
  readonly #sender: Sender;
  readonly #codes: readonly string[];
  /** Tubes given out so far. */
  count: number;

  constructor(layout: Layout, sender: Sender, count: number) {
    this.#layout = layout;
    this.#sender = sender;
    this.count = count;
    const each = layout.communities / layout.senders;
    this.#codes = Array.from({ length: each }, (_, at) =>
      communityCode(layout, at * layout.senders + sender.index),
    );
  }

  /** A batch of the next tubes as the body of a request. */
  batch(tubes: number, now: number): string {
    let facts = this.#next(now);
    for (let more = 1; more < tubes; more++) facts += `,${this.#next(now)}`;
    return `{"facts":[${facts}]}`;
  }

  /** One fact, in the form in which a phone sends it. */
  #next(now: number): string {
    const { index, device } = this.#sender;
    const at = this.count;
    const each = this.#codes.length;
    const lane = at % each;
    const turn = Math.floor(at / each);
    const round = Math.floor(turn / tubesPerCommunity);
    if (round >= this.#layout.rounds) throw new Error('more tubes than the rounds have people');
    this.count += 1;
    const first = (lane * this.#layout.senders + index) * personsPerCommunity + 1;
    let place = ((turn % tubesPerCommunity) * tubeSize * queueStep) % personsPerCommunity;
    let members = String(first + place);
    for (let more = 1; more < tubeSize; more++) {
      place = (place + queueStep) % personsPerCommunity;
      members += `,${first + place}`;
    }
    const seq = at + 1;
    const code = this.#codes[lane] ?? '';
    const label = `${device.toUpperCase()}-T${String(at).padStart(7, '0')}`;
    return (
      `{"id":"${device}.${String(seq).padStart(8, '0')}.0","kind":"screening.tube-sealed",` +
      `"subject":"tube:${label}","place":"${code}","body":{"round":"${roundId(round)}",` +
      `"poolSize":10,"purpose":"round","point":"SP-${code}","members":[${members}]},` +
      `"deviceId":"${device}","deviceSeq":${seq},"lamport":${seq},"at":${now}}`
    );
  }
}
