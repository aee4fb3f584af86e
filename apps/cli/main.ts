import { InputRefused } from '../../adapters/exchange/columns.ts';
import { Fault } from '../../adapters/fault.ts';
import { Misuse } from './misuse.ts';
import { printJson } from './print.ts';

/** What reads files alone starts without the server's modules: three times as quickly. */
async function run([command, ...rest]: string[]): Promise<number> {
  if (command === 'trend') return (await import('./commands/trend.ts')).trend(rest);
  const words = command === undefined ? rest : [command, ...rest];
  return (await import('./deployment.ts')).runOnDeployment(words);
}

const asked = process.argv.slice(2);
try {
  process.exitCode = await run(asked);
} catch (error) {
  if (error instanceof Misuse) {
    const { usage } = await import('./usage.ts');
    process.stderr.write(`sextant: ${error.message}\n\n${usage}`);
    process.exitCode = 2;
  } else if (error instanceof Fault) {
    const place = error instanceof InputRefused ? { place: error.place } : {};
    const { code, message: detail } = error;
    if (asked.includes('--json')) printJson({ ok: false, code, detail, ...place });
    process.stderr.write(`sextant: ${error.code}: ${error.message}\n`);
    process.exitCode = 1;
  } else throw error;
}
