import { minuteMs } from '../../../kernel/instant.ts';
import type { Random } from '../../../kernel/random.ts';
import { keptAs } from '../../../ledger/room.ts';
import { type BoxState, holderOf, unexplained } from '../../../rooms/custody/index.ts';
import { communities, personsCount } from './ground.ts';
import type { Phone } from './phone.ts';
import type { Schedule } from './schedule.ts';

interface WorkWorld {
  readonly schedule: Schedule;
  readonly random: Random;
  readonly fail: (what: string) => void;
}

/** One person with a phone: what they do when their turn comes. */
export type Hand = (phone: Phone) => Promise<void>;

/** A sampler of a community: tubes, reasons, boxes. */
export function sampler(world: WorkWorld, community: 0 | 1): Hand {
  const { random } = world;
  const place = communities[community];
  const half = personsCount / 2;
  const persons = Array.from({ length: half }, (_, index) => index + 1 + community * half);
  const queue = random.shuffle([...persons]);
  const sealed: string[] = [];
  let serial = 0;
  const someone = (): number => (random.chance(0.9) ? queue.pop() : null) ?? random.pick(persons);
  const label = (phone: Phone): string => {
    serial += 1;
    // Two rolls with the same labels happen.
    return random.chance(0.04) ? 'T-SAME-1' : `T${phone.name.toUpperCase()}-${serial}`;
  };

  const recordTube = async (phone: Phone): Promise<void> => {
    const tube = label(phone);
    const members = [...new Set(Array.from({ length: random.between(1, 10) }, someone))];
    const body = { tube, place, round: 'R1', purpose: 'round', poolSize: 10, members, point: 'SP' };
    const done = await phone.act('screening.record-tube', body);
    if (done?.kind === 'done') sealed.push(tube);
  };
  const fillTube = async (phone: Phone): Promise<void> => {
    const tube = label(phone);
    await phone.act('screening.open-tube', { tube, place, round: 'R1', poolSize: 5, point: 'SP' });
    for (let count = random.between(1, 5); count > 0; count--) {
      const person = someone();
      // One swab a minute, or a family whose cards are scanned in one go.
      await world.schedule.pause(random.below(random.chance(0.5) ? 400 : 2 * minuteMs));
      await phone.act('screening.add-person', { tube, person });
      if (!random.chance(0.1)) continue;
      await phone.act('screening.remove-person', { tube, person, reason: 'wrong card' });
    }
    const done = await phone.act('screening.seal-tube', { tube });
    if (done?.kind === 'done') sealed.push(tube);
  };
  const sealBox = async (phone: Phone): Promise<void> => {
    if (sealed.length === 0) return;
    serial += 1;
    const box = `B${phone.name.toUpperCase()}-${serial}`;
    const tubes = sealed.splice(0, random.between(1, 8));
    const done = await phone.act('custody.seal-box', { box, tubes, place });
    if (done?.kind !== 'done') return;
    await world.schedule.pause(random.below(60 * minuteMs));
    await phone.act('custody.hand-over', { box, to: 'user:courier' });
  };
  const dispose = async (phone: Phone): Promise<void> => {
    const person = someone();
    const disposition = random.pick(['excused', 'refused', 'away', 'home-visit', 'deferred']);
    const about = { round: 'R1', person };
    await phone.act('screening.dispose-person', { ...about, disposition, reason: 'at the door' });
    if (random.chance(0.2)) await phone.act('screening.withdraw-disposition', about);
    if (random.chance(0.2)) await phone.act('screening.add-walk-in', about);
  };
  const voidTube = async (phone: Phone): Promise<void> => {
    const tube = sealed.pop();
    if (tube !== undefined) await phone.act('screening.void-tube', { tube, reason: 'leaked' });
  };
  const claimBed = async (phone: Phone): Promise<void> => {
    const done = await phone.act('transfer.promise-place', { transfer: 'X1', unit: 'U1' });
    if (done?.kind === 'done') world.fail('P4: a phone promises a bed');
  };

  const deeds: readonly Hand[] = [recordTube, fillTube, sealBox, dispose, voidTube, claimBed];
  const weights = [6, 4, 3, 3, 1, 0.3];
  return (phone) => deeds[random.weighted(weights)]?.(phone) ?? Promise.resolve();
}

/** Boxes that a phone knows of. */
function boxesOf(phone: Phone): BoxState[] {
  const rows = phone.run?.store.memory.subjects.values() ?? [];
  return [...rows].flatMap(({ subject, state }) =>
    subject.startsWith('box:') ? [keptAs<BoxState>(state)] : [],
  );
}

/** A courier: passes on what they hold, and loses a box now and then. */
export function courier({ random }: WorkWorld): Hand {
  return async (phone) => {
    const held = boxesOf(phone).filter((box) => holderOf(box)?.holder === 'user:courier');
    if (held.length === 0) return;
    const { box, stage } = random.pick(held);
    if (stage !== 'sealed' && stage !== 'moving') return;
    if (random.chance(0.05))
      await phone.act('custody.report-lost', { box, reason: 'not in the van' });
    else await phone.act('custody.hand-over', { box, to: 'user:lab' });
  };
}

/** The laboratory's door: counts what arrives and explains differences. */
export function receiver({ random }: WorkWorld): Hand {
  return async (phone) => {
    const boxes = boxesOf(phone);
    const differing = boxes.find((box) => {
      const { missing, extra } = unexplained(box);
      return box.stage === 'received' && missing.length + extra.length > 0;
    });
    if (differing !== undefined && random.chance(0.5)) {
      const { missing, extra } = unexplained(differing);
      const outcomes = [
        ...missing.map((tube) => ({ tube, outcome: 'lost' })),
        ...extra.map((tube) => ({ tube, outcome: 'accepted' })),
      ];
      await phone.act('custody.reconcile', { box: differing.box, outcomes });
      return;
    }
    const arriving = boxes.filter(({ stage }) => stage === 'moving' || stage === 'sealed');
    if (arriving.length === 0) return;
    const { box, seal } = random.pick(arriving);
    const present = (seal?.tubes ?? []).filter(() => random.chance(0.9));
    await phone.act('custody.receive', { box, laboratory: 'LAB1', present, place: communities[0] });
  };
}
