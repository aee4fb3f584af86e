// `npm start`: installs what is missing, builds the board when it changed, starts the server.
import { join } from 'node:path';
import { buildBoard } from './build-board.mjs';
import { buildField } from './build-field.mjs';
import { ensureInstalled, root } from './install.mjs';
import { run } from './run.mjs';

try {
  const node = await ensureInstalled();
  const built = (await buildBoard(node)) || (await buildField(node));
  if (built !== 0) process.exit(built);
  const server = join(root, 'apps', 'server', 'main.ts');
  // The channel tells the server when we are killed without being able to say so.
  const code = await run(node, [server, ...process.argv.slice(2)], {
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
  });
  process.exit(code);
} catch (error) {
  console.error(error.message);
  process.exit(1);
}
