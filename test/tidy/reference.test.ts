import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { allRooms } from '../../rooms/catalogue.ts';
import { collectCodes } from '../../tools/codes.ts';
import { parseSource, readSources, root } from '../../tools/sources.ts';
import { makeReference } from '../../tools/write-reference.ts';
import { report } from './report.ts';

const sources = readSources();

test('the generated pages say what the code says', () => {
  const pages = Object.entries(makeReference(sources, allRooms));
  report('generated pages', pages.length, 2);
  const stale = pages.filter(([file, text]) => {
    const path = join(root, 'docs', 'reference', file);
    return !existsSync(path) || readFileSync(path, 'utf8') !== text;
  });
  const problems = stale.map(([file]) => `docs/reference/${file}: run npm run reference`);
  expect(problems).toEqual([]);
});

test('every code is in the catalogue, and what rooms say has words in both languages', () => {
  const codes = [...collectCodes(sources).values()];
  const page = readFileSync(join(root, 'docs', 'reference', 'refusals.md'), 'utf8');
  const problems: string[] = [];
  for (const { code, words, places } of codes) {
    const [first] = places;
    const where = `${first?.path ?? ''}:${first?.line ?? 0}`;
    if (!page.includes(`| \`${code}\` |`)) problems.push(`${where}: ${code} is not in refusals.md`);
    const isSaidByRoom = places.some((place) => place.path.startsWith('rooms/'));
    if (isSaidByRoom && !words?.zh)
      problems.push(`${where}: ${code} has no words in both languages`);
  }
  report('codes', codes.length, 50);
  expect(problems).toEqual([]);
});

test('the collector sees codes however they are said', () => {
  const text = `
    refuse('room.one');
    throw new Fault(open ? 'room.two' : 'room.three', \`no \${name} here\`);
    const finding = { code: 'room.four' };
    const words = { 'room.five': { en: 'Five', zh: '五' } };
    const fact = { 'room.happened': { body, permits: [], label: { en: 'a', zh: 'b' } } };
    const duty = { kind: 'room.owe-something' };`;
  const codes = collectCodes([parseSource('rooms/room/a.ts', text)]);
  const names = ['five', 'four', 'one', 'three', 'two'].map((name) => `room.${name}`);
  expect([...codes.keys()]).toEqual(names);
  expect(codes.get('room.two')?.words).toEqual({ en: 'no … here', zh: null });
  expect(codes.get('room.five')?.words).toEqual({ en: 'Five', zh: '五' });
});
