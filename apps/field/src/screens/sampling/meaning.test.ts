import { expect, test } from 'vitest';
import { personLabel, serialLabel } from '../../../../../rooms/screening/label.ts';
import { meaningOf, type Table } from './meaning.ts';

const tube = serialLabel('tube', 100);
const other = serialLabel('tube', 101);
const box = serialLabel('box', 100);
const people = new Map([
  [personLabel(1041), 1041],
  ['1042', 1042],
]);

function table(change: Partial<Table> = {}): Table {
  return {
    openTube: null,
    members: [],
    findPerson: (text) => people.get(text) ?? null,
    statusOf: () => ({ kind: 'open' }),
    isOnRoster: () => true,
    ...change,
  };
}

test('FA-2 the same label opens a tube and seals it', () => {
  expect(meaningOf(tube, table())).toEqual({ kind: 'open', tube });
  expect(meaningOf(tube, table({ openTube: tube }))).toEqual({ kind: 'seal', tube });
  // As a scanner set to lower case and full width sends it.
  const wide = Array.from(tube.toLowerCase(), (character) =>
    String.fromCharCode(character.charCodeAt(0) + 0xfee0),
  );
  expect(meaningOf(wide.join(''), table())).toEqual({ kind: 'open', tube });
});

test('FA-2 labels of another maker open a tube, numbers of people do not', () => {
  expect(meaningOf('TUBE0001', table())).toEqual({ kind: 'open', tube: 'TUBE0001' });
  expect(meaningOf('99999', table())).toEqual({ kind: 'wrong', why: 'tube-first' });
  expect(meaningOf('TUBE0001', table({ openTube: 'TUBE0001' })).kind).toBe('seal');
});

test('FA-2 a person is added to the open tube', () => {
  const open = table({ openTube: tube });
  expect(meaningOf(personLabel(1041), open)).toEqual({ kind: 'add', person: 1041 });
  expect(meaningOf('1042', open)).toEqual({ kind: 'add', person: 1042 });
});

test('FA-2 what does not fit is told apart', () => {
  const open = table({ openTube: tube });
  const why = (text: string, at: Table): string => {
    const meaning = meaningOf(text, at);
    return meaning.kind === 'wrong' ? meaning.why : meaning.kind;
  };
  expect(why(personLabel(1041), table())).toBe('tube-first');
  expect(why(other, open)).toBe('other-tube');
  expect(why(box, open)).toBe('box-here');
  expect(why(box, table())).toBe('box-here');
  expect(why('88888', open)).toBe('nobody');
  const last = tube.at(-1) === 'A' ? 'B' : 'A';
  expect(why(tube.slice(0, -1) + last, open)).toBe('misread');
});

test('FA-2 somebody who was sampled or is not on the roster is asked about', () => {
  const sampled = table({
    openTube: tube,
    statusOf: () => ({ kind: 'sampled', tube: other, at: 1, here: true }),
  });
  const asked = { kind: 'ask', why: 'sampled', person: 1041, tube: other };
  expect(meaningOf(personLabel(1041), sampled)).toEqual(asked);
  const stranger = table({ openTube: tube, isOnRoster: () => false });
  expect(meaningOf(personLabel(1041), stranger)).toMatchObject({ why: 'not-on-roster' });
});

test('FA-2 twice in one tube is left to the room, which says it in its own words', () => {
  const twice = table({
    openTube: tube,
    members: [1041],
    statusOf: () => ({ kind: 'sampled', tube, at: 1, here: true }),
  });
  expect(meaningOf(personLabel(1041), twice)).toEqual({ kind: 'add', person: 1041 });
});
