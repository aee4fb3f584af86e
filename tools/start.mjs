// `npm start`: installs what is missing, builds what screens need, starts the server.
import { join } from 'node:path';
import { buildBoard } from './build-board.mjs';
import { buildField } from './build-field.mjs';
import { ensureInstalled, root } from './install.mjs';
import { run } from './run.mjs';

try {
  const node = await ensureInstalled();
  // Beside each other: most machines have two cores, and somebody is waiting.
  const codes = await Promise.all([buildBoard(node), buildField(node)]);
  const failed = codes.find((code) => code !== 0);
  if (failed !== undefined) process.exit(failed);
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
