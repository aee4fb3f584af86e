import { Random } from '../../kernel/random.ts';

/** Residents of one community: a day of one team, a hundred tubes of ten. */
export const residentsPerCommunity = 1_000;

const communitiesPerTown = 60;

/** Code of the n-th community, from 0 on. */
export function communityCode(index: number): string {
  const { town, community } = positionOf(index);
  return `310113${String(101 + town)}${String(1 + community).padStart(3, '0')}`;
}

/** A district with so many communities, as a file of places. */
export function placesFile(communities: number): string {
  const lines = ['code,kind,label_zh,label_en,parent', '310113,district,试验区,Trial District,'];
  for (let index = 0; index < communities; index++) {
    const { town, community } = positionOf(index);
    const townCode = `310113${String(101 + town)}`;
    if (community === 0) lines.push(`${townCode},town,${townLabel(town)},Town ${town},310113`);
    const label = communityLabel(index);
    lines.push(`${communityCode(index)},community,${label},Community ${index},${townCode}`);
  }
  return lines.join('\n');
}

/** Residents of one community after another, as a roster; nobody in it exists. */
export function rosterFile(communities: number, seed = 1): string {
  const random = new Random(seed);
  const lines = ['姓名,性别,出生日期,证件类型,证件号码,手机号,街镇,居委,小区,楼栋,室号'];
  for (let index = 0; index < communities; index++) {
    const { town } = positionOf(index);
    for (let resident = 0; resident < residentsPerCommunity; resident++) {
      const serial = index * residentsPerCommunity + resident;
      const name = random.pick(surnames) + random.pick(given) + random.pick(given);
      const year = random.between(1930, 2021);
      const bornOn = `${year}-${two(random.between(1, 12))}-${two(random.between(1, 28))}`;
      const building = `${1 + Math.floor(resident / 40)}号楼`;
      const room = String(101 + Math.floor((resident % 40) / 3));
      const identity = `${name},男,${bornOn},其他,FIELD${serial},13${100_000_000 + serial}`;
      const home = `${townLabel(town)},${communityLabel(index)},,${building},${room}`;
      lines.push(`${identity},${home}`);
    }
  }
  return lines.join('\n');
}

const surnames = '王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗'.split('');
const given = '伟芳娜敏静丽强磊军洋勇艳杰娟涛明超霞平刚桂英华文志建玉红'.split('');

function positionOf(index: number): { readonly town: number; readonly community: number } {
  return { town: Math.floor(index / communitiesPerTown), community: index % communitiesPerTown };
}

function townLabel(town: number): string {
  return `第${town + 1}街道`;
}

function communityLabel(index: number): string {
  return `第${index + 1}村居委会`;
}

function two(value: number): string {
  return String(value).padStart(2, '0');
}
