import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { usage as cliUsage } from '../../apps/cli/usage.ts';
import { usage as serverUsage } from '../../apps/server/config.ts';
import { allRooms } from '../../rooms/catalogue.ts';
import { at, isTestFile, nameOf, nodeAt, nodesAt, readSources, root } from '../../tools/sources.ts';
import { collectSettings, renderSettings, settingsPath } from '../../tools/write-settings.ts';
import { report } from './report.ts';

const sources = readSources();
const read = (path: string) => readFileSync(join(root, path), 'utf8');

test('every word in the name of a type of the pure half stands in the glossary', () => {
  const known = glossaryWords();
  const problems: string[] = [];
  let looked = 0;
  for (const file of sources) {
    if (!/^(kernel|ledger|methods|rooms)\//.test(file.path) || isTestFile(file.path)) continue;
    for (const node of nodesAt(file.program, 'body')) {
      const name = exportedType(node);
      if (name === null) continue;
      looked += 1;
      for (const word of name.match(/[A-Z][a-z]+|[A-Z]+(?![a-z])/g) ?? []) {
        if (known.has(word.toLowerCase())) continue;
        problems.push(`${at(file, node.start)}: docs/glossary.md has no ${word} (${name})`);
      }
    }
  }
  report('types', looked, 100);
  expect(problems).toEqual([]);
});

test('every room, subject, link and role stands in the glossary, and its Chinese is not blank', () => {
  const known = glossaryWords();
  const named = [
    ...allRooms.map((room) => room.name),
    ...allRooms.flatMap((room) => room.subjects.map((subject) => subject.prefix)),
  ];
  report('rooms and subjects', named.length, 20);
  const isKnown = (word: string) => known.has(word) || known.has(word.replace(/s$/, ''));
  expect(named.filter((word) => !isKnown(word))).toEqual([]);
  const rows = read('docs/glossary.md').match(/^\| (?!word|---).*$/gm) ?? [];
  report('entries', rows.length, 100);
  expect(rows.filter((row) => row.split('|').some((cell) => cell === '  '))).toEqual([]);
});

test('the page of settings says what the rooms say, and every setting says what it is', () => {
  const all = collectSettings(allRooms, sources);
  report('settings', all.settings.length, 40);
  expect(renderSettings(allRooms, all), 'npx node tools/write-settings.ts').toBe(
    readFileSync(settingsPath, 'utf8'),
  );
  const silent = all.settings.filter(({ room, name, said }) => {
    const group = all.groups.some((one) => one.room === room && name.startsWith(`${one.name}.`));
    // What only names a rule set or a target says all that there is to say.
    return said === '' && !group && !/\.(id|name|rule)$/.test(name);
  });
  expect(silent.map(({ room, name }) => `rooms/${room}/rules.ts: ${name}`)).toEqual([]);
});

test('the page of commands has every command and option that the programs know', () => {
  const page = read('docs/reference/commands.md');
  const options = [cliUsage, serverUsage].flatMap((text) => text.match(/--[a-z][a-z-]+/g) ?? []);
  const commands = [...cliUsage.matchAll(/^ {2}((?:import |scenario |trend )?[a-z]+)/gm)];
  const named = [...new Set([...options, ...commands.map(([, name]) => `sextant ${name}`)])];
  report('options and commands', named.length, 20);
  expect(named.filter((name) => !page.includes(name))).toEqual([]);
});

test('every decision has its five parts, its number, and a line in the list', () => {
  const folder = 'docs/decisions';
  const files = readdirSync(join(root, folder)).filter((name) => name !== 'README.md');
  const list = read(`${folder}/README.md`);
  const parts = ['Question', 'Choice', 'Weighed', 'Consequences', 'What would change our mind'];
  const problems = files.toSorted().flatMap((name, index) => {
    const text = read(`${folder}/${name}`);
    const number = String(index + 1).padStart(4, '0');
    const faults = parts.filter((part) => !text.includes(`**${part}.**`));
    if (!name.startsWith(`${number}-`)) faults.push(`the number ${number}`);
    const [title = ''] = text.split('\n');
    if (!list.includes(`[${number}](${name}) | ${title.replace(/^# \d+\. /, '')} |`)) {
      faults.push('its line in README.md');
    }
    return faults.map((fault) => `${folder}/${name}: no ${fault}`);
  });
  report('decisions', files.length, 10);
  expect(problems).toEqual([]);
});

test('every action of a runbook has its class, and none is missing from the list', () => {
  const folder = 'docs/runbooks';
  const files = readdirSync(join(root, folder)).filter((name) => name !== 'README.md');
  const list = read(`${folder}/README.md`);
  const problems: string[] = [];
  let looked = 0;
  for (const name of files) {
    if (!list.includes(`](${name})`)) problems.push(`${folder}/README.md: nothing about ${name}`);
    for (const line of read(`${folder}/${name}`).match(/^\d+\. .*$/gm) ?? []) {
      looked += 1;
      if (/^\d+\. \*(look|safe|two people|never)\* /.test(line)) continue;
      problems.push(`${folder}/${name}: no class: ${line}`);
    }
  }
  report('actions', looked, 50);
  expect(problems).toEqual([]);
});

/** Every word in a first column of the glossary. */
function glossaryWords(): ReadonlySet<string> {
  const rows = read('docs/glossary.md').matchAll(/^\| ([^|]+) \|/gm);
  const words = [...rows].flatMap(([, cell = '']) => cell.toLowerCase().match(/[a-z]+/g) ?? []);
  return new Set(words);
}

/** The name of a type, interface or class that a statement exports; null for anything else. */
function exportedType(node: Parameters<typeof nodeAt>[0]): string | null {
  const declaration = nodeAt(node, 'declaration');
  if (declaration === undefined || node?.type.startsWith('Export') !== true) return null;
  const isType = /^(TS(Interface|TypeAlias)Declaration|ClassDeclaration)$/.test(declaration.type);
  return isType ? (nameOf(nodeAt(declaration, 'id')) ?? null) : null;
}
