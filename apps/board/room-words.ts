import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** Words of one code, in the order of the screens' own words. */
export type Pair = readonly [zh: string, en: string];

const roomsFolder = join(import.meta.dirname, '../../rooms');
const codePattern = /^[a-z]+\.[a-z0-9-]+$/;

/**
 * Every refusal, finding and fault of the rooms in the words that the rooms give it. Read from the
 * rooms when the board is built, so that no code has its words in two places.
 */
export async function readRoomWords(): Promise<{ [code: string]: Pair }> {
  const words: { [code: string]: Pair } = {};
  for (const room of readdirSync(roomsFolder)) {
    const index = join(roomsFolder, room, 'index.ts');
    if (!existsSync(index)) continue;
    const exported = (await import(pathToFileURL(index).href)) as { [name: string]: unknown };
    for (const table of Object.values(exported)) collect(table, words);
  }
  return words;
}

function collect(table: unknown, words: { [code: string]: Pair }): void {
  if (table === null || typeof table !== 'object' || Array.isArray(table)) return;
  for (const [code, entry] of Object.entries(table)) {
    if (!codePattern.test(code) || entry === null || typeof entry !== 'object') continue;
    const { zh, en } = entry as { zh?: unknown; en?: unknown };
    if (typeof zh === 'string' && typeof en === 'string') words[code] = [zh, en];
  }
}
