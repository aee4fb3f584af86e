import { checkDigit } from '../../rooms/persons/index.ts';

/** Somebody who does not exist, with everything that must never leave the room that keeps it. */
export interface Somebody {
  readonly name: string;
  readonly sex: '男' | '女';
  readonly bornOn: string;
  readonly document: string;
  readonly phone: string;
  /** Index of the community in `communities`. */
  readonly community: number;
  readonly building: string;
  readonly room: string;
}

/** The tree of the tests: a district of two towns with two communities each. */
export const district = '310113';
export const towns = ['310113003', '310113101'] as const;
export const communities = [
  '310113003001',
  '310113003002',
  '310113101001',
  '310113101002',
] as const;

/** The tree as a file of places. */
export const placesCsv = [
  'code,kind,label_zh,label_en,parent',
  `${district},district,试验区,Trial District,`,
  `${towns[0]},town,东镇,East Town,${district}`,
  `${towns[1]},town,西镇,West Town,${district}`,
  `${communities[0]},community,东一居委会,East One,${towns[0]}`,
  `${communities[1]},community,东二居委会,East Two,${towns[0]}`,
  `${communities[2]},community,西一居委会,West One,${towns[1]}`,
  `${communities[3]},community,西二居委会,West Two,${towns[1]}`,
].join('\n');

// Characters that stand in no label, word or code of the program, so that a search for a name
// finds names only.
const given = '鹂鹃鸾鹭鹤麒麟骥骢骊骅骝';

/** A citizen identity number with its check digit: 310113, the day of birth, a serial. */
export function documentOf(bornOn: string, serial: number): string {
  const body = `310113${bornOn.replaceAll('-', '')}${String(serial).padStart(3, '0')}`;
  return body + checkDigit(body);
}

/** One of the people of the tests, from 0 on; the third of each household is a child. */
export function somebody(index: number): Somebody {
  const household = Math.floor(index / 3);
  const member = index % 3;
  const year = member === 2 ? 2016 : 1950 + (household % 40);
  const bornOn = `${year}-05-${String(1 + (index % 28)).padStart(2, '0')}`;
  const serial = 100 + (index % 800);
  return {
    name: `欧阳${given[Math.floor(index / 10) % 12] ?? ''}${given[index % 10] ?? ''}`,
    sex: serial % 2 === 1 ? '男' : '女',
    bornOn,
    document: documentOf(bornOn, serial),
    phone: `139${String(55_500_000 + index * 7)}`,
    community: Math.floor(household / 10) % communities.length,
    building: `${1 + (Math.floor(household / 5) % 2)}号楼`,
    room: String(101 + (household % 5)),
  };
}

/** Forty households of three: persons 1 to 120 in the order of the file, thirty a community. */
export const everybody: readonly Somebody[] = Array.from({ length: 120 }, (_, index) =>
  somebody(index),
);

/** The header of a roster in Chinese, in the order in which `rosterRow` writes. */
export const rosterHeader = '姓名,性别,出生日期,证件类型,证件号码,手机号,街镇,居委,小区,楼栋,室号';

/** One row of a roster. */
export function rosterRow(one: Somebody): string {
  const community = ['东一', '东二', '西一', '西二'][one.community] ?? '';
  const town = one.community < 2 ? '东镇' : '西镇';
  const identity = [one.name, one.sex, one.bornOn, '身份证', one.document, one.phone];
  return [...identity, town, `${community}居委会`, '', one.building, one.room].join(',');
}

/** The roster of the tests as a file. */
export const rosterCsv = [rosterHeader, ...everybody.map(rosterRow)].join('\n');
