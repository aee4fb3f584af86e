import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ledgerCodes } from '../../ledger/codes.ts';
import { allRooms } from '../../rooms/catalogue.ts';
import { collectCodes } from '../../tools/codes.ts';
import { listFiles, readSources, root } from '../../tools/sources.ts';
import { desks, stagesOf } from '../../apps/board/src/desks/definitions.ts';
import { constantsOf } from '../../apps/board/src/desks/form-values.ts';
import type { Schema } from '../../apps/board/src/api/types.ts';
import { say } from '../../apps/board/src/language/say.ts';
import { codeWords } from '../../apps/board/src/language/words/codes.ts';
import { words } from '../../apps/board/src/language/words/index.ts';

const keys = Object.keys(words);
const sources = listFiles('apps/board/src')
  .filter((path) => /\.tsx?$/.test(path) && !/\.test\.|language\/words\//.test(path))
  .map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }));

/** Beginnings of keys that are looked up by a code from the server. */
const termKeys = ['duty.', 'ending.', 'field.', 'role.', 'stage.', 'value.', 'call-reason.'];

test('BO-1 every key that a screen asks for has words', () => {
  const asked = sources.flatMap(({ path, text }) =>
    [...text.matchAll(/\bt\(\s*'([^']+)'/g)].map(([, key = '']) => ({ path, key })),
  );
  expect(asked.length).toBeGreaterThan(200);
  expect(asked.filter(({ key }) => !keys.includes(key))).toEqual([]);
});

test('BO-1 every key is used by a screen', () => {
  const text = sources.map((source) => source.text).join('\n');
  const quoted = new Set(
    [...text.matchAll(/'([a-z0-9-]+\.[A-Za-z0-9.-]+)'/g)].map(([, key]) => key),
  );
  // `link.${link}` asks for every key that begins so.
  const begun = [...text.matchAll(/`([a-z-]+\.[a-z-]*(?:\.|-)?)\$\{/g)].map(
    ([, start = '']) => start,
  );
  const isUsed = (key: string): boolean =>
    quoted.has(key) ||
    begun.some((start) => start.length > 3 && key.startsWith(start)) ||
    termKeys.some((start) => key.startsWith(start));
  expect(begun.length).toBeGreaterThan(10);
  expect(keys.filter((key) => !isUsed(key))).toEqual([]);
});

test('BO-1 every text has both languages with the same places for values', () => {
  const problems: string[] = [];
  for (const [key, [zh, en]] of Object.entries(words)) {
    if (zh.trim() === '' || en.trim() === '') problems.push(`${key}: empty`);
    const [first = '', ...others] = [zh, ...en.split('|')].map(placesOf);
    // `one|many`: the one may say "one" in place of the number.
    const many = others.at(-1) ?? '';
    if (first !== many) problems.push(`${key}: {${first}} and {${many}}`);
  }
  expect(keys.length).toBeGreaterThan(500);
  expect(problems).toEqual([]);
});

function placesOf(text: string): string {
  return [...text.matchAll(/\{(\w+)\}/g)]
    .map(([, name]) => name)
    .sort((a = '', b = '') => a.localeCompare(b))
    .join(',');
}

/** Words that are the same in both: names of formats, of keys and of genes. */
const shared = /\b(Sextant|CSV|XLSX|Ct|Ctrl|Enter|Esc|English)\b/g;

test('BO-1 no text is left in the other language', () => {
  const problems = Object.entries({ ...words, ...codeWords }).flatMap(([key, [zh, en]]) => {
    const latin = zh.replace(/\{\w+\}/g, '').replace(shared, '');
    const own: string[] = [];
    if (/[A-Za-z]{2,}/.test(latin)) own.push(`${key}: ${zh}`);
    if (/[\u3400-\u9fff]/.test(en) && key !== 'nav.language' && key !== 'nav.language-to') {
      own.push(`${key}: ${en}`);
    }
    return own;
  });
  const languageKeys = ['nav.language', 'nav.language-to'];
  expect(problems.filter((text) => !languageKeys.includes(text.split(':')[0] ?? ''))).toEqual([]);
});

test('BO-1 one of something is said as one', () => {
  expect(say('en', words['lane.waiting.tube'], { count: 1 })).toBe('tube waiting');
  expect(say('en', words['lane.waiting.tube'], { count: 8204 })).toBe('tubes waiting');
  expect(say('en', words['names.title'], { count: 1204 })).toBe('Show 1,204 names');
});

/** Kinds that reach a screen; faults of a deployment are told to its operator on the console. */
const shown = ['refusal', 'finding', 'problem', 'reason'];
const operatorOnly = /^(config|postgres|scenario|tools|cli|exchange|server|database)\./;

test('BO-2 every refusal, finding and fault of a file has words in both languages', () => {
  const known = new Set([...Object.keys(ledgerCodes), ...Object.keys(codeWords)]);
  for (const { codes } of allRooms) for (const code of Object.keys(codes)) known.add(code);
  const said = [...collectCodes(readSources())].filter(
    ([code, { kinds }]) =>
      [...kinds].some((kind) => shown.includes(kind)) && !operatorOnly.test(code),
  );
  const wordless = said.filter(([code, entry]) => !known.has(code) && entry.words?.zh == null);
  expect(said.length).toBeGreaterThan(150);
  expect(wordless.map(([code]) => code)).toEqual([]);
});

test('BO-2 every field of an act or a fact, and every value that is one of a few, has words', () => {
  const fields = new Set<string>();
  const values = new Set<string>();
  for (const room of allRooms) {
    for (const act of Object.values(room.acts)) walk(act.body, { fields, values });
    for (const subject of room.subjects) {
      for (const fact of Object.values(subject.facts)) walk(fact.body, { fields, values });
    }
  }
  expect(fields.size).toBeGreaterThan(80);
  expect([...fields].filter((name) => !keys.includes(`field.${name}`))).toEqual([]);
  const wordless = [...values].filter((value) => {
    const [, text = ''] = value.split(':');
    return !keys.includes(`value.${value.replace(':', '.')}`) && !keys.includes(`value.${text}`);
  });
  expect(wordless).toEqual([]);
});

interface Found {
  readonly fields: Set<string>;
  readonly values: Set<string>;
}

/** Settings that a signature carries along are named by their rule set, not shown one by one. */
const insideSettings = ['ruleSet'];

function walk(schema: Schema, found: Found): void {
  for (const [name, property] of Object.entries(schema.properties ?? {})) {
    found.fields.add(name);
    for (const value of constantsOf(property) ?? constantsOf(property.items ?? {}) ?? []) {
      if (typeof value === 'string') found.values.add(`${name}:${value}`);
    }
    if (!insideSettings.includes(name)) walk(property, found);
  }
  if (schema.items !== undefined) walk(schema.items, found);
  for (const option of schema.anyOf ?? []) walk(option, found);
}

test('BO-2 every stage that a desk knows has words', () => {
  const stages = desks.flatMap((desk) =>
    desk.prefixes.flatMap((prefix) => stagesOf(desk, prefix).map((stage) => `${prefix}.${stage}`)),
  );
  expect(stages.length).toBeGreaterThan(40);
  const wordless = stages.filter(
    (stage) => !keys.includes(`stage.${stage}`) && !keys.includes(`stage.${stage.split('.')[1]}`),
  );
  expect(wordless).toEqual([]);
});

test('BO-2 every kind of duty has words', () => {
  const kinds = listFiles('rooms')
    .filter((path) => path.endsWith('.ts') && !/\.test\.|fixture/.test(path))
    .flatMap((path) => dutyKinds(readFileSync(join(root, path), 'utf8')));
  expect(kinds.length).toBeGreaterThan(10);
  expect([...new Set(kinds)].filter((kind) => !keys.includes(`duty.${kind}`))).toEqual([]);
});

/** Literals in which a duty is declared: its kind stands among owner, since and due time. */
function dutyKinds(text: string): string[] {
  const facts = new Set(
    allRooms.flatMap(({ subjects }) => subjects.flatMap((subject) => Object.keys(subject.facts))),
  );
  return [...text.matchAll(/kind(?:: | = )(?:\w+ === '[a-z-]+' \? )?'([a-z]+\.[a-z-]+)'/g)]
    .map(([, kind = '']) => kind)
    .filter((kind) => !facts.has(kind));
}
