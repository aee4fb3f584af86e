import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { allRooms } from '../../rooms/catalogue.ts';
import { listFiles, root } from '../../tools/sources.ts';
import { codeLabel } from '../../apps/field/src/language/codes.ts';
import { serverCodes } from '../../apps/field/src/language/words/server-codes.ts';
import { words } from '../../apps/field/src/language/words/index.ts';

const keys = Object.keys(words);
const sources = listFiles('apps/field/src')
  .filter((path) => /\.tsx?$/.test(path) && !/\.test\.|language\/words\//.test(path))
  .map((path) => readFileSync(join(root, path), 'utf8'));
const text = sources.join('\n');

/** Keys that are put together: `t(\`status.${kind}\`)` asks for every key that begins so. */
const begun = [...text.matchAll(/`([a-z-]+\.)\$\{/g)].map(([, start = '']) => start);

test('FA-9 every key that a screen asks for has words', () => {
  const asked = [...text.matchAll(/'((?:[a-z-]+)\.[a-z-]+)'/g)]
    .map(([, key = '']) => key)
    .filter((key) => keys.some((known) => known.split('.')[0] === key.split('.')[0]));
  const acts = allRooms.flatMap(({ name, acts: own }) =>
    Object.keys(own).map((act) => `${name}.${act}`),
  );
  const wordless = asked.filter((key) => !keys.includes(key) && !acts.includes(key));
  expect(asked.length).toBeGreaterThan(100);
  // Codes of the scanner begin like the words about scanning.
  expect(wordless.filter((key) => codeLabel(key) === null)).toEqual([]);
});

test('FA-9 every key is used by a screen', () => {
  const isUsed = (key: string): boolean =>
    text.includes(`'${key}'`) || begun.some((start) => key.startsWith(start));
  expect(begun.length).toBeGreaterThan(5);
  expect(keys.length).toBeGreaterThan(200);
  expect(keys.filter((key) => !isUsed(key))).toEqual([]);
});

test('FA-9 every text has both languages, with the same places for values', () => {
  const placesOf = (said: string): string =>
    [...said.matchAll(/\{(\w+)\}/g)]
      .map(([, name = '']) => name)
      .sort((a, b) => a.localeCompare(b))
      .join();
  const problems = Object.entries(words).flatMap(([key, [zh, en]]) => {
    const own: string[] = [];
    if (zh.trim() === '' || en.trim() === '') own.push(`${key}: empty`);
    if (placesOf(zh) !== placesOf(en.split('|').at(-1) ?? '')) own.push(`${key}: places differ`);
    const latin = zh.replace(/\{\w+\}/g, '').replace(/\b(KB|MB|English)\b/g, '');
    if (/[A-Za-z]{2,}/.test(latin)) own.push(`${key}: English in ${zh}`);
    if (/[\u3400-\u9fff]/.test(en) && key !== 'switch.language') own.push(`${key}: ${en}`);
    return own;
  });
  expect(problems).toEqual([]);
});

test('FA-9 the codes of headquarters have both languages and one meaning', () => {
  expect(Object.keys(serverCodes).length).toBeGreaterThan(5);
  for (const { zh, en } of Object.values(serverCodes)) {
    expect(zh).toMatch(/[\u3400-\u9fff]/);
    expect(en).not.toMatch(/[\u3400-\u9fff]/);
  }
});
