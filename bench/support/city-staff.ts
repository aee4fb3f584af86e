import { hourMs } from '../../kernel/instant.ts';
import { type City, cityCode, poolSize, round } from './city.ts';

/** Tokens by account. */
export type Tokens = { readonly [account: string]: string };

export const headquarters = 'hq';
export const dispatcher = 'dispatch';
export const ward = 'ward';
export const facility = 'F1';
/** A fangcang section; a promise rewrites its unit, so a unit is as small as a section is. */
export const bedsPerUnit = 50;
export const seatsPerVehicle = 60;

/** Account of a town's samplers. */
export const samplerOf = (town: string): string => `sampler-${town}`;
/** Accounts of a district's desks. */
export const deskOf = (desk: District, code: string): string => `${desk}-${code}`;
export type District = 'community' | 'courier' | 'bench' | 'review';
/** The n-th unit of beds, from 0. */
export const unitOf = (index: number): string => `${facility}-${index + 1}`;
/** The vehicle of a district. */
export const vehicleOf = (district: string): string => `V${district}`;
/** The laboratory of a district. */
export const laboratoryOf = (district: string): string => `L${district}`;

const districtRoles = {
  community: 'community',
  courier: 'courier',
  bench: 'laboratory',
  review: 'laboratory',
} as const satisfies Record<District, string>;

interface Member {
  readonly account: string;
  readonly role: string;
  readonly place: string;
}

function membersOf(city: City): Member[] {
  const members: Member[] = [
    { account: headquarters, role: 'headquarters', place: cityCode },
    { account: dispatcher, role: 'dispatcher', place: cityCode },
    { account: ward, role: 'facility', place: cityCode },
  ];
  const towns = new Set<string>();
  for (let index = 0; index < city.communities; index++) towns.add(city.community(index).town);
  for (const place of towns) members.push({ account: samplerOf(place), role: 'sampler', place });
  for (let index = 0; index < city.districts; index++) {
    const place = city.districtCode(index);
    for (const desk of Object.keys(districtRoles) as District[]) {
      members.push({ account: deskOf(desk, place), role: districtRoles[desk], place });
    }
  }
  return members;
}

/** Accounts with the scope they need and no more, a round, laboratories, beds and vehicles. */
export async function furnishCity(url: string, city: City, password: string): Promise<Tokens> {
  const ask = async (path: string, body: object, token = ''): Promise<{ token?: string }> => {
    const reply = await fetch(url + path, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(token === '' ? {} : { authorization: `Bearer ${token}` }),
      },
      body: JSON.stringify(body),
    });
    const text = await reply.text();
    if (!reply.ok) throw new Error(`${path}: ${reply.status} ${text}`);
    return JSON.parse(text) as { token?: string };
  };
  const signIn = async (account: string): Promise<string> =>
    (await ask('/v1/sessions', { account, password })).token ?? '';
  const admin = await signIn('admin');
  const tokens: { [account: string]: string } = { admin };
  const members = membersOf(city);
  // A few at once: deriving a key is meant to be slow.
  await Promise.all(
    [0, 1, 2, 3].map(async (part) => {
      for (const { account, role, place } of members.filter((_, index) => index % 4 === part)) {
        await ask('/v1/accounts', { account, password, roles: [{ role, place }] }, admin);
        tokens[account] = await signIn(account);
      }
    }),
  );
  const act = (name: string, account: string, body: { [k: string]: unknown }): Promise<unknown> =>
    ask(
      `/v1/acts/${name.replace('.', '/')}`,
      { actId: `city-${name.replace('.', '-')}-${String(Object.values(body)[0])}`, act: body },
      tokens[account],
    );
  await openDay(city, act);
  return tokens;
}

type Act = (name: string, account: string, body: { [k: string]: unknown }) => Promise<unknown>;

async function openDay(city: City, act: Act): Promise<void> {
  const now = Date.now();
  const place = cityCode;
  await act('screening.open-round', headquarters, {
    ...{ round, place, areas: [place], group: null, poolSize },
    ...{
      label: { en: 'City round', zh: '全员核酸' },
      startsAt: now - hourMs,
      endsAt: now + 24 * hourMs,
    },
  });
  const label = { en: 'Fangcang hospital', zh: '方舱医院' };
  const fangcang = { point: facility, place, pointKind: 'fangcang', label };
  await act('places.open-point', headquarters, fangcang);
  const cases = city.positivesWithin(1, city.people + 1).length;
  for (let index = 0; index * bedsPerUnit < cases; index++) {
    const unit = { unit: unitOf(index), place, facility, bedKind: 'fangcang', beds: bedsPerUnit };
    const named = { en: `Section ${index + 1}`, zh: `${index + 1}舱区` };
    await act('capacity.declare-unit', ward, { ...unit, label: named });
  }
  for (let index = 0; index < city.districts; index++) {
    const district = city.districtCode(index);
    const vehicle = { vehicle: vehicleOf(district), place, seats: seatsPerVehicle };
    await act('transfer.register-vehicle', dispatcher, vehicle);
    const named = { en: `Laboratory ${district}`, zh: `${district}检测实验室` };
    const point = { point: laboratoryOf(district), place: district, pointKind: 'laboratory' };
    await act('places.open-point', headquarters, { ...point, label: named });
  }
}
