import { Random } from '../../kernel/random.ts';
import { checkDigit } from '../../rooms/persons/index.ts';

const townCount = 12;
const communitiesPerTown = 47;
const surnames = '王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗'.split('');
const given = '伟芳娜敏静丽强磊军洋勇艳杰娟涛明超霞平刚桂英华文志建玉红'.split('');

/** The tree of the bench: one district, its towns and communities, under Baoshan's code. */
export function treeLines(): Buffer {
  const lines = ['code,kind,label_zh,label_en,parent', '310113,district,宝山区,Baoshan,'];
  for (let town = 1; town <= townCount; town++) {
    lines.push(`${townCode(town)},town,${townLabel(town)},Town ${town},310113`);
    for (let community = 1; community <= communitiesPerTown; community++) {
      const code = townCode(town) + String(community).padStart(3, '0');
      lines.push(`${code},community,${communityLabel(town, community)}居委会,,${townCode(town)}`);
    }
  }
  return Buffer.from(`${lines.join('\n')}\n`);
}

/**
 * A roster of households of one to five, one row in a hundred bad in one of ten ways. Identity
 * numbers have births from 1880 to 1899, so no living person can hold one; three persons in ten
 * have another document and a present-day age.
 */
export function* rosterLines(options: { rows: number; seed: number }): Generator<string> {
  const random = new Random(options.seed);
  yield '姓名,性别,出生日期,证件类型,证件号码,手机号,街镇,居委,小区,楼栋,室号\n';
  let lines: string[] = [];
  let left = 0;
  let home = '';
  for (let serial = 0; serial < options.rows; serial++) {
    if (left === 0) {
      left = random.weighted([0, 25, 30, 23, 15, 7]);
      home = homeOf(random, serial);
    }
    left -= 1;
    const cells = person(random, serial);
    const isBad = serial % 100 === 57;
    lines.push(`${(isBad ? spoil(cells, random, serial) : cells).join(',')},${home}\n`);
    if (lines.length < 1_000) continue;
    yield lines.join('');
    lines = [];
  }
  yield lines.join('');
}

function person(random: Random, serial: number): string[] {
  const name =
    random.pick(surnames) + random.pick(given) + (random.chance(0.8) ? random.pick(given) : '');
  const phone = `13${String(100_000_000 + serial)}`;
  if (serial % 10 < 7) {
    const { number, bornOn, sex } = identity(serial);
    return [name, sex, bornOn, '居民身份证', number, phone];
  }
  const [year, month] = [random.between(1930, 2021), random.between(1, 12)];
  const bornOn = `${year}-${two(month)}-${two(random.between(1, 28))}`;
  return [name, random.chance(0.5) ? '男' : '女', bornOn, '其他', `BENCH${serial}`, phone];
}

/** The n-th identity number with a birth from 1880 to 1899: 20 years, 336 days, 999 serials. */
function identity(serial: number): { number: string; bornOn: string; sex: string } {
  const sequence = (serial % 999) + 1;
  const day = Math.floor(serial / 999);
  const year = 1880 + (Math.floor(day / 336) % 20);
  const month = two((Math.floor(day / 28) % 12) + 1);
  const dayOfMonth = two((day % 28) + 1);
  const body = `310113${year}${month}${dayOfMonth}${String(sequence).padStart(3, '0')}`;
  const sex = sequence % 2 === 1 ? '男' : '女';
  return { number: body + checkDigit(body), bornOn: `${year}-${month}-${dayOfMonth}`, sex };
}

function homeOf(random: Random, serial: number): string {
  const town = random.between(1, townCount);
  const community = random.between(1, communitiesPerTown);
  const compound = random.between(1, 3);
  const building = random.between(1, 40);
  // A room of its own for each household: the serial makes it one.
  const room = `${random.between(1, 18)}0${random.between(1, 4)}-${serial}`;
  const label = communityLabel(town, community);
  return `${townLabel(town)},${label}居委会,${label}${compound}期,${building}号,${room}室`;
}

function spoil(cells: string[], random: Random, serial: number): string[] {
  const [name = '', sex = '', bornOn = '', type = '', number = '', phone = ''] = cells;
  switch (random.below(10)) {
    case 0:
      return ['', sex, bornOn, type, number, phone];
    case 1:
      return [name, '不详', bornOn, type, number, phone];
    case 2:
      return [name, sex, '1950-02-30', '其他', `BAD${serial}`, phone];
    case 3:
      return [name, sex, '2099-01-01', '其他', `BAD${serial}`, phone];
    case 4:
      return [name, '男', '1880-01-01', '居民身份证', '440524188001010015', phone];
    case 5:
      return [name, sex, bornOn, '居民身份证', '3101131880', phone];
    case 6:
      return [name, sex, bornOn, type, number, '12345'];
    case 7:
      return [name, sex, bornOn, '月票', number, phone];
    case 8:
      return ['=1+1', sex, bornOn, type, number, phone];
    default:
      return [name, sex, '03/04/1950', '其他', `BAD${serial}`, phone];
  }
}

function townCode(town: number): string {
  return `310113${String(100 + town)}`;
}

function townLabel(town: number): string {
  return `第${town}街道`;
}

function communityLabel(town: number, community: number): string {
  return `第${town}街道${community}村`;
}

function two(value: number): string {
  return String(value).padStart(2, '0');
}
