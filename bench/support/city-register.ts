import type pg from 'pg';
import { type City, cityCode, homesOfBuilding, householdsPerBuilding } from './city.ts';

/**
 * Writes the city's register as an import of rosters would leave it, as the owner of the tables:
 * importing 25 million rows takes a quarter of an hour and is measured by `import`. References
 * are not checked on the way, because they are made right. Servers must load the register anew.
 */
export async function writeRegister(client: pg.ClientBase, city: City): Promise<void> {
  await client.query('begin');
  await client.query("set local session_replication_role = 'replica'");
  await client.query("set local maintenance_work_mem = '256MB'");
  await writePlaces(client, city);
  await writePeople(client, city);
  await client.query('commit');
  // What would otherwise be tidied up and written out in the middle of the day.
  await client.query('vacuum (analyze) places, households, persons, person_names');
  await client.query('checkpoint');
}

async function writePlaces(client: pg.ClientBase, city: City): Promise<void> {
  const rows: string[][] = [[cityCode, '', cityCode, 'city', '上海市', 'Shanghai']];
  const seen = new Set<string>();
  const add = (code: string, parent: string[], kind: string, label: readonly string[]): void => {
    if (seen.has(code)) return;
    seen.add(code);
    const path = [...parent, code].join('/');
    rows.push([code, parent.at(-1) ?? '', path, kind, label[0] ?? '', label[1] ?? '']);
  };
  for (let index = 0; index < city.communities; index++) {
    const { code, town, district } = city.community(index);
    const above = city.districtCode(district);
    add(above, [cityCode], 'district', [`第${district + 1}区`, `District ${district + 1}`]);
    add(town, [cityCode, above], 'town', [`${town}街道`, `Town ${town}`]);
    const label = [`${code}居委会`, `Community ${code}`];
    add(code, [cityCode, above, town], 'community', label);
  }
  for (let from = 0; from < rows.length; from += 5_000) {
    const part = rows.slice(from, from + 5_000);
    await client.query(
      `insert into places (code, parent_code, path, kind, label_zh, label_en)
       select code, nullif(parent, ''), path, kind, zh, en
       from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[])
         as t (code, parent, path, kind, zh, en)`,
      [0, 1, 2, 3, 4, 5].map((column) => part.map((row) => row[column] ?? '')),
    );
  }
  await client.query(
    `create temp table city_communities
       (code text, path text, first_building int, last_building int) on commit drop`,
  );
  const communities = Array.from({ length: city.communities }, (_, index) => {
    return city.community(index).code;
  });
  const firsts = communities.map((_, index) => city.firstBuilding(index));
  const lasts = communities.map((_, index) => city.firstBuilding(index + 1) - 1);
  await client.query(
    `insert into city_communities
     select t.code, p.path, t.first, t.last
     from unnest($1::text[], $2::int[], $3::int[]) as t (code, first, last)
     join places p on p.code = t.code`,
    [communities, firsts, lasts],
  );
  await client.query(
    `insert into places (code, parent_code, path, kind, label_zh)
     select c.code || '-' || (b - c.first_building + 1), c.code,
       c.path || '/' || c.code || '-' || (b - c.first_building + 1), 'building',
       (b - c.first_building + 1) || '号楼'
     from city_communities c, generate_series(c.first_building, c.last_building) b`,
  );
}

async function writePeople(client: pg.ClientBase, city: City): Promise<void> {
  const homes = homesOfBuilding();
  await client.query(
    `insert into households (id, place_code, label)
     select b * ${householdsPerBuilding} + h + 1,
       c.code || '-' || (b - c.first_building + 1), (h / 2 + 1) || '0' || (h % 2 + 1)
     from city_communities c, generate_series(c.first_building, c.last_building) b,
       generate_series(0, ${householdsPerBuilding - 1}) h`,
  );
  const households = `(array[${homes.map(({ household }) => household).join()}])[1 + seat]`;
  const places = `(array[${homes.map(({ seat }) => seat).join()}])[1 + seat]`;
  // The third and fourth of a household are children, as `City.isChild` has it.
  await client.query(
    `insert into persons (id, household_id, sex, born_on)
     select person, building * ${householdsPerBuilding} + ${households} + 1,
       case when (building + seat) % 2 = 0 then 'm' else 'f' end,
       case when ${places} >= 2 then date '2013-01-01' + building % 2000
         else date '1945-01-01' + (building * 37 + seat * 411) % 20000 end
     from (
       select person, (person - 1) / ${homes.length} as building,
         (person - 1) % ${homes.length} as seat
       from generate_series(1, ${city.people}) person
     ) everybody`,
  );
  await client.query(
    `insert into person_names (person_id, name)
     select person, substr('王李张刘陈杨黄赵吴周', 1 + person % 10, 1)
       || substr('伟芳娜敏静丽强磊军洋', 1 + person / 10 % 10, 1)
     from generate_series(1, ${city.people}) person`,
  );
}
