import { instant, type Instant, minuteMs } from '../../kernel/instant.ts';
import { drawFamilyName, drawGivenName } from '../names.ts';
import type { World } from '../world.ts';
import type { Samplers } from './sampling.ts';
import type { Site } from './staff.ts';

/** Somebody at a table who is on no list: put on the register, on the roster, and sampled. */
export function welcome(
  world: World,
  samplers: Samplers,
  { site, round, at }: { site: Site; round: string; at: Instant },
): void {
  const { outbox } = world;
  const counter = samplers.counterOf(site);
  const label = world.label('W');
  const random = world.random(`walk-in ${label}`);
  const sex = random.chance(0.5) ? 'male' : 'female';
  const json = {
    name: drawFamilyName(random) + drawGivenName(random, sex),
    sex: sex === 'male' ? '男' : '女',
    bornOn: `${random.between(1955, 2003)}-0${random.between(1, 9)}-1${random.between(0, 9)}`,
    documentType: '其他',
    documentNumber: label,
    place: site.place,
    room: `临时${label.slice(-3)}`,
  };
  outbox.ask({
    account: counter.account,
    run: (session) => session.send({ method: 'POST', path: '/v1/persons', json }),
    answered: (answer) => {
      const { person } = answer as { person: number };
      outbox.record(outbox.device(counter.name, counter.account), at, {
        kind: 'screening.walk-in-added',
        subject: `entry:${round}/${person}`,
        place: site.place,
        body: {},
      });
      const swabbing = { counter, point: site.id, purpose: 'round' as const, round };
      const sealedAt = instant(at + 5 * minuteMs);
      samplers.swab({ ...swabbing, members: [person], poolSize: 1 }, sealedAt);
    },
  });
}
