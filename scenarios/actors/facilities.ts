import { shareOut } from '../tree.ts';
import type { World } from '../world.ts';

export type BedKind = 'isolation' | 'fangcang' | 'ward' | 'icu';

/** A fangcang, a hospital or an isolation site with its units. */
export interface Facility {
  readonly id: string;
  readonly label: { readonly en: string; readonly zh: string };
  readonly pointKind: 'fangcang' | 'hospital' | 'isolation';
  readonly account: string;
  readonly units: readonly Unit[];
}

/** A unit of beds; `inUse` is what its facility knows of beds promised or taken. */
export interface Unit {
  readonly id: string;
  readonly facility: string;
  readonly account: string;
  readonly bedKind: BedKind;
  readonly beds: number;
  readonly label: { readonly en: string; readonly zh: string };
  inUse: number;
  /** People in its beds. */
  occupied: number;
}

const kinds = {
  fangcang: { zh: '方舱医院', en: 'Fangcang hospital', unitZh: '舱区', unitEn: 'section' },
  hospital: { zh: '定点医院', en: 'Designated hospital', unitZh: '病区', unitEn: 'ward' },
  isolation: { zh: '集中隔离点', en: 'Isolation site', unitZh: '楼层', unitEn: 'floor' },
} as const;

/** Draws up the facilities: few in a small world, with the beds that the scale leaves. */
export function drawUpFacilities({ policy, scale }: World): Facility[] {
  const { fangcangBeds, wardBeds, intensiveBeds, isolationRooms } = policy.wards;
  const many = scale >= 0.05;
  const scaled = (beds: number, atLeast: number): number =>
    Math.max(atLeast, Math.round(beds * scale));
  return [
    ...facilities('fangcang', many ? 3 : 1, [['fangcang', scaled(fangcangBeds, 20)]], policy),
    ...facilities(
      'hospital',
      many ? 2 : 1,
      [
        ['ward', scaled(wardBeds, 8)],
        ['icu', scaled(intensiveBeds, 2)],
      ],
      policy,
    ),
    ...facilities('isolation', many ? 4 : 1, [['isolation', scaled(isolationRooms, 10)]], policy),
  ];
}

function facilities(
  pointKind: Facility['pointKind'],
  count: number,
  stock: readonly (readonly [BedKind, number])[],
  { wards }: World['policy'],
): Facility[] {
  const { zh, en, unitZh, unitEn } = kinds[pointKind];
  return Array.from({ length: count }, (_, index) => {
    const id = `${pointKind[0]?.toUpperCase()}${index + 1}`;
    const account = `facility-${id.toLowerCase()}`;
    const units: Unit[] = [];
    for (const [bedKind, beds] of stock) {
      const own = shareOut(Array(count).fill(1), beds)[index] ?? 0;
      const unitCount = Math.max(1, Math.ceil(own / wards.bedsPerUnit));
      for (const unitBeds of shareOut(Array(unitCount).fill(1), own)) {
        const serial = units.length + 1;
        const label = {
          en: `${en} ${index + 1}, ${bedKind === 'icu' ? 'intensive care' : unitEn} ${serial}`,
          zh: `第${index + 1}${zh}${bedKind === 'icu' ? '重症监护室' : `${serial}${unitZh}`}`,
        };
        const unit = {
          id: `${id}-${serial}`,
          facility: id,
          account,
          bedKind,
          beds: unitBeds,
          label,
        };
        units.push({ ...unit, inUse: 0, occupied: 0 });
      }
    }
    return {
      id,
      label: { en: `${en} ${index + 1}`, zh: `第${index + 1}${zh}` },
      pointKind,
      account,
      units,
    };
  });
}
