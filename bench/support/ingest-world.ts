import { createApp } from '../../adapters/http/app.ts';
import { inTransaction, openDatabase, type Queryable } from '../../adapters/postgres/database.ts';
import { migrate } from '../../adapters/postgres/migrate.ts';
import { compose, ensureAdmin } from '../../apps/server/compose.ts';
import { hourMs } from '../../kernel/instant.ts';
import type { Sender } from './ingest-tubes.ts';
import {
  communityCode,
  type Layout,
  personsPerCommunity,
  roundId,
  townCode,
} from './ingest-tubes.ts';

const password = 'only-for-the-bench';
const buildingsPerCommunity = 25;
const district = '310113';

/**
 * Fills an empty database with a register, open rounds, and an account and a registered device for
 * each sender; answers the senders. Accounts, devices and rounds come through the routes; places
 * and people are written as an import leaves them, because an import has a bench of its own.
 */
export async function furnish(connectionString: string, layout: Layout): Promise<Sender[]> {
  const owner = await openDatabase(connectionString, { service: false });
  await migrate(owner);
  await inTransaction(owner, (client) => writeRegister(client, layout));
  await owner.end();
  const composed = await compose({ connectionString, clock: 'system' });
  await ensureAdmin(composed.context.pool, password);
  const app = await createApp(composed.context, { logLevel: 'silent' });
  const ask: Ask = async (method, url, { token, json }) => {
    const reply = await app.inject({
      ...{ method, url, payload: json },
      headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
    });
    if (reply.statusCode < 300) return reply.json<{ token: string }>();
    throw new Error(`${method} ${url}: ${reply.statusCode} ${reply.body}`);
  };
  const senders = await enrol(ask, layout);
  await app.close();
  await composed.close();
  return senders;
}

type Ask = (
  method: 'POST' | 'PUT',
  url: string,
  request: { token?: string; json: object },
) => Promise<{ token: string }>;

/** Rounds over the whole district; a sampler's account for each town, a device for each sender. */
async function enrol(ask: Ask, layout: Layout): Promise<Sender[]> {
  const admin = { account: 'admin', password };
  const { token } = await ask('POST', '/v1/sessions', { json: admin });
  const now = Date.now();
  for (let round = 0; round < layout.rounds; round++) {
    const act = {
      ...{ round: roundId(round), place: district, areas: [district], group: null, poolSize: 10 },
      ...{ label: { en: `Round ${round}`, zh: `第${round}轮` } },
      ...{ startsAt: now - hourMs, endsAt: now + 24 * hourMs },
    };
    const json = { actId: `bench-round-${round}`, act };
    await ask('POST', '/v1/acts/screening/open-round', { token, json });
  }
  const tokens: string[] = [];
  for (let town = 0; town < layout.towns; town++) {
    const account = `town-${town}`;
    const roles = [{ role: 'sampler', place: townCode(town) }];
    await ask('POST', '/v1/accounts', { token, json: { account, password, roles } });
    const session = await ask('POST', '/v1/sessions', { json: { account, password } });
    tokens.push(session.token);
  }
  const senders: Sender[] = [];
  for (let index = 0; index < layout.senders; index++) {
    const own = tokens[index % layout.towns] ?? '';
    const device = `bench${String(index).padStart(4, '0')}`;
    const key = device.padEnd(43, 'k');
    const json = { label: device, key, app: 'bench' };
    await ask('PUT', `/v1/devices/${device}`, { token: own, json });
    senders.push({ index, token: own, device, key });
  }
  return senders;
}

/** District, towns, communities of a thousand people in buildings of forty; three to a home. */
async function writeRegister(owner: Queryable, layout: Layout): Promise<void> {
  // What is made here refers to what is made here: looking each up takes most of the time.
  await owner.query('set local session_replication_role = replica');
  const codes = Array.from({ length: layout.communities }, (_, at) => communityCode(layout, at));
  const towns = Array.from({ length: layout.towns }, (_, town) => townCode(town));
  await owner.query(
    `insert into places (code, parent_code, path, kind, label_zh, label_en)
       values ($1, null, $1, 'district', '试验区', 'Trial District')`,
    [district],
  );
  await owner.query(
    `insert into places (code, parent_code, path, kind, label_zh, label_en)
       select town, $2, $2 || '/' || town, 'town', '街道' || town, 'Town ' || town
       from unnest($1::text[]) town`,
    [towns, district],
  );
  await owner.query(
    `insert into places (code, parent_code, path, kind, label_zh, label_en)
       select code, left(code, 9), $2 || '/' || left(code, 9) || '/' || code, 'community',
         '居委会' || code, 'Community ' || code
       from unnest($1::text[]) code`,
    [codes, district],
  );
  await owner.query(
    `insert into places (code, parent_code, path, kind, label_zh, label_en)
       select code || '-' || n, code, path || '/' || code || '-' || n, 'building',
         n || '号楼', 'Building ' || n
       from places, generate_series(1, $1) n where kind = 'community'`,
    [buildingsPerCommunity],
  );
  // A household is three numbers of one community that follow each other; the last has one.
  const homes = Math.ceil(personsPerCommunity / 3);
  await owner.query(
    `insert into households (id, place_code, label)
       select (at - 1) * $2 + home + 1,
         code || '-' || (1 + home * $3 / $2), (home + 101)::text
       from unnest($1::text[]) with ordinality c (code, at), generate_series(0, $2 - 1) home`,
    [codes, homes, buildingsPerCommunity],
  );
  await owner.query(
    `insert into persons (id, household_id, sex, born_on)
       select at * $2 + n + 1, at * $3 + n / 3 + 1, case n % 2 when 0 then 'f' else 'm' end,
         date '1930-01-01' + (n * 32)
       from generate_series(0, $1 - 1) at, generate_series(0, $2 - 1) n`,
    [layout.communities, personsPerCommunity, homes],
  );
  await owner.query('analyze places, households, persons');
}
