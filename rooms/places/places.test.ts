import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Directory, type HomeWords, type Place, type PlaceKind } from './index.ts';
import * as tree from './tree.ts';

const home = { town: '', community: '', compound: '', building: '' };

function place(code: string, parent: string | null, kind: PlaceKind, labelZh: string): Place {
  return { code, parent, kind, labelZh, labelEn: null };
}

/** A part of Baoshan's real tree: two communities of one name, and one name with two committees. */
function baoshan(): Directory {
  return new Directory([
    place('310113', null, 'district', '宝山区'),
    place('310113003', '310113', 'town', '友谊路街道'),
    place('310113008', '310113', 'town', '张庙街道'),
    place('310113101', '310113', 'town', '罗店镇'),
    place('310113109', '310113', 'town', '顾村镇'),
    place('310113003001', '310113003', 'community', '宝钢一村居委会'),
    place('310113008001', '310113008', 'community', '新桥居委会'),
    place('310113101001', '310113101', 'community', '新桥居委会'),
    place('310113109001', '310113109', 'community', '顾村居委会'),
    place('310113109200', '310113109', 'community', '顾村村委会'),
  ]);
}

function codeOf(directory: Directory, words: Partial<HomeWords>, mayMake = false): string {
  const located = directory.locate({ ...home, ...words }, mayMake);
  return located.kind === 'fault' ? located.code : directory.settle(located);
}

test('PL-1 official codes say their kind and what they lie in', () => {
  expect(
    ['310113', '310113003', '310113003001', '31', '310113003000000', '1-1'].map(
      tree.kindOfOfficialCode,
    ),
  ).toEqual(['district', 'town', 'community', null, null, null]);
  expect(['310113', '310113003', '310113003001'].map(tree.parentOfOfficialCode)).toEqual([
    null,
    '310113',
    '310113003',
  ]);
});

test('PL-2 every kind but city and district needs a parent of a wider kind', () => {
  for (const kind of tree.placeKinds) {
    expect(tree.mayLieIn(kind, null)).toBe(kind === 'city' || kind === 'district');
    for (const parent of tree.placeKinds) {
      const isWider = tree.placeKinds.indexOf(parent) < tree.placeKinds.indexOf(kind);
      if (tree.mayLieIn(kind, parent)) expect(isWider).toBe(true);
    }
  }
  expect(tree.mayLieIn('building', 'community')).toBe(true);
  expect(tree.mayLieIn('community', 'district')).toBe(false);
});

test('PL-3 made codes count on from the greatest serial of their parent', () => {
  const directory = baoshan();
  directory.add(place('310113003001-7', '310113003001', 'compound', '七期'));
  const words = { town: '友谊路街道', community: '宝钢一村' };
  expect(codeOf(directory, { ...words, compound: '八期', building: '3号' })).toBe(
    '310113003001-8-1',
  );
  expect(codeOf(directory, { ...words, compound: '八期', building: '4号' })).toBe(
    '310113003001-8-2',
  );
  expect(codeOf(directory, { ...words, building: '3号' })).toBe('310113003001-9');
  const made = directory.takeMade();
  expect(made.map(({ code, kind }) => [code, kind])).toEqual([
    ['310113003001-8', 'compound'],
    ['310113003001-8-1', 'building'],
    ['310113003001-8-2', 'building'],
    ['310113003001-9', 'building'],
  ]);
  expect(made[1]?.path).toBe('310113/310113003/310113003001/310113003001-8/310113003001-8-1');
  expect(directory.takeMade()).toEqual([]);
});

test('PL-4 width, spaces and case do not make two places', () => {
  const directory = baoshan();
  const first = codeOf(directory, { community: '310113003001', compound: 'A区', building: '3 号' });
  const other = codeOf(directory, {
    community: '３１０１１３００３００１',
    compound: 'ａ 区',
    building: '３号',
  });
  expect(other).toBe(first);
  expect(codeOf(directory, { community: '310113003001', compound: '310113003001-1' })).toBe(
    '310113003001-1',
  );
});

test.each([
  ['宝钢一村居委会', '310113003001'],
  ['宝钢一村居民委员会', '310113003001'],
  ['宝钢一村社区居委会', '310113003001'],
  ['宝钢一村居委', '310113003001'],
  ['宝钢一村', '310113003001'],
  ['宝钢一村社区', '310113003001'],
  [' 宝钢一村 居委会', '310113003001'],
  ['310113003001', '310113003001'],
  ['顾村居委会', '310113109001'],
  ['顾村村民委员会', '310113109200'],
  ['顾村', 'places.ambiguous-community'],
  ['新桥居委会', 'places.ambiguous-community'],
  ['宝钢二十村', 'places.unknown-community'],
  ['310113003999', 'places.unknown-community'],
])('PL-5 the community %j without a town is %s', (community, expected) => {
  expect(codeOf(baoshan(), { community })).toBe(expected);
});

test.each([
  ['张庙街道', '新桥', '310113008001'],
  ['张庙街道办事处', '新桥居委会', '310113008001'],
  ['310113101', '新桥居委会', '310113101001'],
  ['友谊路街道', '新桥居委会', 'places.community-not-in-town'],
  ['友谊路街道', '310113101001', 'places.community-not-in-town'],
  ['友谊路街道', '无此村', 'places.unknown-community'],
  ['无此镇', '新桥居委会', 'places.unknown-town'],
])('PL-6 in %j the community %j is %s', (town, community, expected) => {
  expect(codeOf(baoshan(), { town, community })).toBe(expected);
});

test('PL-6 where places may be made, unknown towns and communities are, and codes are not', () => {
  const directory = baoshan();
  expect(codeOf(directory, { town: '友谊路街道', community: '新桥居委会' }, true)).toBe(
    '310113003-1',
  );
  expect(codeOf(directory, { town: '新镇', community: '新村' }, true)).toBe('310113-1-1');
  expect(codeOf(directory, { town: '新镇', community: '新村居委会' }, true)).toBe('310113-1-1');
  expect(codeOf(directory, { town: '310113999', community: '新村' }, true)).toBe(
    'places.unknown-town',
  );
  expect(codeOf(directory, { town: '', community: '别村' }, true)).toBe('places.town-missing');
  expect(codeOf(directory, { town: '友谊路街道', community: '310113003999' }, true)).toBe(
    'places.unknown-community',
  );
});

test('PL-7 an empty tree gets a first district, a tree of several asks which', () => {
  const empty = new Directory([]);
  expect(codeOf(empty, { town: '新镇', community: '新村' }, true)).toBe('1-1-1');
  expect(empty.find('1')?.kind).toBe('district');
  const two = new Directory([
    place('310113', null, 'district', '宝山区'),
    place('310112', null, 'district', '闵行区'),
  ]);
  expect(codeOf(two, { town: '新镇', community: '新村' }, true)).toBe('places.which-district');
});

test('PL-6 a home lies within the places above it and no other', () => {
  const directory = baoshan();
  const located = directory.locate({ ...home, community: '宝钢一村', building: '9号' }, false);
  if (located.kind === 'fault') throw new Error(located.code);
  expect(
    ['310113', '310113003', '310113003001'].map((c) => directory.isWithin(located, c)),
  ).toEqual([true, true, true]);
  expect(['310113008', '3101130', ''].map((c) => directory.isWithin(located, c))).toEqual([
    false,
    false,
    false,
  ]);
});

test('PL-3 any homes in any order: one code a home, no code twice, every path ends in its code', () => {
  const words = fc.record({
    town: fc.constantFrom('甲镇', '乙镇', '丙街道'),
    community: fc.constantFrom('一村', '二村居委会', '三村村委会'),
    compound: fc.constantFrom('', '东区', '西区'),
    building: fc.constantFrom('', '1号', '2号', '１ 号'),
  });
  fc.assert(
    fc.property(fc.array(words, { maxLength: 30 }), (homes) => {
      const directory = new Directory([]);
      const codes = homes.map((each) => codeOf(directory, each, true));
      expect(homes.map((each) => codeOf(directory, each, true))).toEqual(codes);
      expect(homes.map((each) => codeOf(directory, each))).toEqual(codes);
      const made = directory.takeMade();
      expect(new Set(made.map(({ code }) => code)).size).toBe(made.length);
      for (const { code, path, parent } of made) {
        expect(path.endsWith(parent === null ? code : `${parent}/${code}`)).toBe(true);
      }
      const again = new Directory(made);
      expect(homes.map((each) => codeOf(again, each))).toEqual(codes);
    }),
  );
});
