// `npm run simulate -- --worlds N [--seed S] [--mutation NAME]`: seeded worlds of phones, desks and
// one server in bad weather (test/simulation/worlds). Exit 0 when every promise held in all.
import { join } from 'node:path';
import { ensureInstalled, root } from './install.mjs';
import { run } from './run.mjs';

const node = await ensureInstalled();
const main = join(root, 'test', 'simulation', 'worlds', 'main.ts');
process.exit(await run(node, [main, ...process.argv.slice(2)], { cwd: root }));
