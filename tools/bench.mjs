// `npm run bench -- NAME [options]`: runs bench/NAME.ts and shows what it measured. `--json` prints
// one object and nothing else; without a name, the names are listed.
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { ensureInstalled, root } from './install.mjs';
import { capture, run } from './run.mjs';

const [name, ...rest] = process.argv.slice(2);
const folder = join(root, 'bench');
const names = readdirSync(folder)
  .filter((file) => file.endsWith('.ts'))
  .map((file) => file.slice(0, -'.ts'.length));

if (name === undefined || !names.includes(name) || !existsSync(join(folder, `${name}.ts`))) {
  console.error(`npm run bench -- NAME [--json] [options]; NAME is one of: ${names.join(', ')}`);
  process.exit(2);
}
const node = await ensureInstalled();
const isJson = rest.includes('--json');
const args = [join(folder, `${name}.ts`), ...rest.filter((option) => option !== '--json')];
if (isJson) process.exit(await run(node, args, { cwd: root }));
const { code, output } = await capture(node, args, { cwd: root });
if (code === 0) show(JSON.parse(output.slice(output.indexOf('{'))), '');
else console.error(output);
process.exit(code);

/** One line a figure, with the path of its name. */
function show(value, path) {
  if (typeof value !== 'object' || value === null) console.log(`${path.padEnd(36)} ${value}`);
  else
    for (const [key, each] of Object.entries(value))
      show(each, path === '' ? key : `${path}.${key}`);
}
