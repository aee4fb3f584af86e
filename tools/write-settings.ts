import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Json } from '../kernel/assert.ts';
import type { Room } from '../ledger/room.ts';
import {
  type Comment,
  nameOf,
  type Node,
  nodeAt,
  nodesAt,
  readSources,
  root,
  type SourceFile,
  walk,
} from './sources.ts';

/** Where the page lies. */
export const settingsPath = join(root, 'docs', 'reference', 'settings.md');

/** One value that a deployment may set. */
export interface Setting {
  readonly room: string;
  /** `ruleSet.controls.positiveCtMin`. */
  readonly name: string;
  readonly value: Json;
  readonly unit: string;
  readonly allowed: string;
  /** What the source says of it: what it is, why this default, and where it is from. */
  readonly said: string;
}

/** What the source says of settings that stand together: `ruleSet`. */
export interface Group {
  readonly room: string;
  readonly name: string;
  readonly said: string;
}

/** Settings and their groups. */
export interface Settings {
  readonly settings: readonly Setting[];
  readonly groups: readonly Group[];
}

interface Remark {
  readonly path: readonly string[];
  readonly text: string;
}

/** Every setting of every room, with what its `rules.ts` says of it. */
export function collectSettings(rooms: readonly Room[], sources: readonly SourceFile[]): Settings {
  const settings: Setting[] = [];
  const groups: Group[] = [];
  for (const { name: room, policyDefaults, policySchema } of rooms) {
    const rules = sources.find((file) => file.path === `rooms/${room}/rules.ts`);
    const remarks = rules === undefined ? [] : remarksOf(rules);
    let above = { said: '', parent: '' };
    for (const leaf of leavesOf(policyDefaults, policySchema, {
      shown: [],
      named: [],
    })) {
      const { shown, named, value, schema } = leaf;
      const parent = shown.slice(0, -1).join('.');
      // A comment in front of two settings that belong together speaks of both.
      const said = saidOf(remarks, named) || (parent === above.parent ? above.said : '');
      above = { said, parent };
      const unit = unitOf(named);
      settings.push({ room, name: shown.join('.'), value, unit, allowed: allowedOf(schema), said });
    }
    for (const name of Object.keys(policyDefaults as object)) {
      const isGroup = settings.some((one) => one.room === room && one.name.startsWith(`${name}.`));
      const said = isGroup ? saidOf(remarks, [name]) : '';
      if (said !== '') groups.push({ room, name, said });
    }
  }
  return { settings, groups };
}

/**
 * Comments right in front of properties, by the names of the properties around them; of a
 * property whose value is a constant of the file, also the comment of that constant.
 */
function remarksOf(file: SourceFile): Remark[] {
  const remarks: Remark[] = [];
  const constants = constantsOf(file);
  walk(file.program, (node, parents) => {
    if (node.type !== 'Property') return;
    const ofConstant = constants.get(nameOf(nodeAt(node, 'value')) ?? '') ?? '';
    const text = [commentsBefore(file, node.start), ofConstant]
      .filter((one) => one !== '')
      .join(' ');
    if (text === '') return;
    const path = [...parents, node].flatMap((each) => {
      const name = each.type === 'Property' ? keyOf(each) : undefined;
      return name === undefined ? [] : [name];
    });
    remarks.push({ path, text });
  });
  return remarks;
}

/** Comments of the file's exported constants, by name. */
function constantsOf(file: SourceFile): Map<string, string> {
  const comments = new Map<string, string>();
  for (const node of nodesAt(file.program, 'body')) {
    const [declarator] = nodesAt(nodeAt(node, 'declaration'), 'declarations');
    const name = nameOf(nodeAt(declarator, 'id'));
    if (name !== undefined) comments.set(name, commentsBefore(file, node.start));
  }
  return comments;
}

function keyOf(property: Node): string | undefined {
  const key = nodeAt(property, 'key');
  const value = key?.['value'];
  return typeof value === 'string' ? value : nameOf(key);
}

function commentsBefore(file: SourceFile, start: number): string {
  const found: Comment[] = [];
  let end = start;
  for (const comment of file.comments.toReversed()) {
    if (comment.end > end) continue;
    if (file.text.slice(comment.end, end).trim() !== '') break;
    found.unshift(comment);
    end = comment.start;
  }
  return found
    .map(({ value }) =>
      value
        .replace(/^\s*\*+ ?/gm, '')
        .replace(/\s+/g, ' ')
        .trim(),
    )
    .join(' ');
}

function saidOf(remarks: readonly Remark[], path: readonly string[]): string {
  const fitting = remarks.filter(({ path: of }) => endsWith(path, of));
  const longest = Math.max(0, ...fitting.map(({ path: of }) => of.length));
  const texts = fitting.filter(({ path: of }) => of.length === longest).map(({ text }) => text);
  return [...new Set(texts)].map((text) => (/[.:;]$/.test(text) ? text : `${text}.`)).join(' ');
}

function endsWith(path: readonly string[], end: readonly string[]): boolean {
  return (
    end.length <= path.length && end.every((name, index) => name === path.at(index - end.length))
  );
}

interface JsonSchema {
  readonly type?: string;
  readonly const?: Json;
  readonly anyOf?: readonly JsonSchema[];
  readonly items?: JsonSchema;
  readonly properties?: { readonly [name: string]: JsonSchema };
  readonly enum?: readonly Json[];
  readonly minimum?: number;
  readonly exclusiveMinimum?: number;
  readonly maximum?: number;
  readonly maxItems?: number;
  readonly pattern?: string;
}

interface Path {
  /** As a reader sees it, items of lists by their name or index. */
  readonly shown: readonly string[];
  /** As the source names it, without items of lists. */
  readonly named: readonly string[];
}

interface Leaf extends Path {
  readonly value: Json;
  readonly schema: JsonSchema;
}

/** The values of a policy; an object is taken apart, a list of plain values stays together. */
function leavesOf(value: Json, schema: JsonSchema, { shown, named }: Path): Leaf[] {
  const own = schema.properties === undefined ? objectIn(schema) : schema;
  if (typeof value !== 'object' || value === null) return [{ shown, named, value, schema }];
  if (Array.isArray(value)) {
    const plain = value.every((item) => typeof item !== 'object');
    if (plain) return [{ shown, named, value, schema }];
    return value.flatMap((item: Json, index) => {
      const path = { shown: [...shown, nameIn(item) ?? String(index)], named };
      return leavesOf(item, schema.items ?? {}, path);
    });
  }
  return Object.entries(value as { readonly [name: string]: Json }).flatMap(([name, inner]) => {
    const path = { shown: [...shown, name], named: [...named, name] };
    return leavesOf(inner, own?.properties?.[name] ?? {}, path);
  });
}

function objectIn({ anyOf = [] }: JsonSchema): JsonSchema | undefined {
  return anyOf.find(({ properties }) => properties !== undefined);
}

function nameIn(item: Json): string | undefined {
  const { name } = item as { readonly name?: Json };
  return typeof name === 'string' ? name : undefined;
}

/** Units stand in names, the largest word last: `deliverMinutesMax`. */
const units: readonly (readonly [RegExp, string])[] = [
  [/Minutes/, 'minutes'],
  [/Hours|^hours/, 'hours'],
  [/Days|^days/, 'days'],
  [/Years/, 'years'],
  [/Celsius/, '°C'],
  [/Ct(Min|Max)?$|ctM(ax|in)$/, 'cycles'],
  [/Per100k$/, 'in 100,000 people'],
  [/Share/, 'share, 0 to 1'],
  [/([Rr]ows|[Pp]ersons|Names|[Ss]eats|[Bb]eds|[Ww]ells|attempts|infections|onsets)/, 'count'],
];

function unitOf(path: readonly string[]): string {
  const names = path.toReversed();
  const fitting = names.flatMap((name) => units.find(([shape]) => shape.test(name)) ?? []);
  return String(fitting[1] ?? '');
}

function allowedOf(schema: JsonSchema): string {
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.anyOf !== undefined) return schema.anyOf.map(allowedOf).join(' or ');
  if (schema.enum !== undefined) return schema.enum.join(', ');
  if (schema.type === 'null') return 'null';
  if (schema.type === 'boolean') return 'true or false';
  if (schema.type === 'array') {
    const most = schema.maxItems === undefined ? '' : `, at most ${schema.maxItems}`;
    return `list of ${allowedOf(schema.items ?? {})}${most}`;
  }
  if (schema.type === 'integer' || schema.type === 'number') {
    const what = schema.type === 'integer' ? 'whole ' : '';
    const { minimum, exclusiveMinimum, maximum } = schema;
    if (exclusiveMinimum !== undefined && maximum !== undefined)
      return `${what}above ${exclusiveMinimum}, up to ${maximum}`;
    if (minimum !== undefined && maximum !== undefined) return `${what}${minimum} to ${maximum}`;
    if (minimum !== undefined) return `${what}${minimum} or more`;
    return maximum === undefined ? `${what}number` : `${what}${maximum} or less`;
  }
  return schema.type === 'string' ? 'text' : (schema.type ?? 'object');
}

/** The page. */
export function renderSettings(rooms: readonly Room[], { settings, groups }: Settings): string {
  const sections = rooms.map((room) => {
    const own = settings.filter((setting) => setting.room === room.name);
    const heading = `## ${room.name} · ${room.label.en} · ${room.label.zh}`;
    const about = groups
      .filter((group) => group.room === room.name)
      .map(({ name, said }) => `\`${name}\`: ${said}`);
    return [heading, ...about, own.length === 0 ? 'None.' : tableOf(own)].join('\n\n');
  });
  return `${[preface, ...sections, `${settings.length} settings.`].join('\n\n')}\n`;
}

const preface = `# Settings

Generated by \`npx node tools/write-settings.ts\` from \`rooms/*/rules.ts\`; a test compares it with
the code.

How the operation is run, by room. Rules differ by place and by week, so every number of a rule is a
setting with its source. A file given with \`--policy FILE\` replaces what it names and leaves the
rest; it is checked whole before the server starts:

\`\`\`json
{ "custody": { "deliverMinutesMax": 120 }, "cases": { "reportMinutes": 60 } }
\`\`\`

Marks in the last column: **[V]** read in a named source, **[R]** read on a re-posting, **[B]**
background knowledge or our own choice, not found in a source. What a deployment *is* (folder, port,
database) is told with options, not here: \`npm start -- --help\`.`;

function tableOf(settings: readonly Setting[]): string {
  const rows = settings.map(({ name, value, unit, allowed, said }) => {
    const cells = [`\`${name}\``, `\`${JSON.stringify(value)}\``, unit, allowed, said];
    return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  });
  const head = ['| setting | default | unit | allowed | what it is, and its source |'];
  return [...head, '| --- | --- | --- | --- | --- |', ...rows].join('\n');
}

if (import.meta.main) {
  const { allRooms } = await import('../rooms/catalogue.ts');
  const all = collectSettings(allRooms, readSources());
  writeFileSync(settingsPath, renderSettings(allRooms, all));
  console.log(`docs/reference/settings.md: ${all.settings.length} settings`);
}
