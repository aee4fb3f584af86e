import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('../../../shared/data/', import.meta.url));

/** Whether the folder of published data stands beside the project. It is not part of it. */
export const hasFieldData = existsSync(folder);

if (!hasFieldData) {
  console.log('the folder ../shared/data is absent: tests on published data are skipped');
}

/** The path of one file of the published data. */
export function fieldPath(path: string): string {
  return folder + path;
}

/** Rows of one file of the published data, by the names of its columns; fails when it is absent. */
export function readField(path: string): { readonly [column: string]: string }[] {
  const [header = '', ...lines] = readFileSync(fieldPath(path), 'utf8').trim().split(/\r?\n/);
  const names = header.split(',');
  return lines.map((line) => {
    const cells = line.split(',');
    return Object.fromEntries(names.map((name, index) => [name, cells[index] ?? '']));
  });
}

/** Whether the long sets of worlds are asked for: `SEXTANT_EVIDENCE=full`. */
export const isFullEvidence = process.env['SEXTANT_EVIDENCE'] === 'full';
