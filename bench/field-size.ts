// What a phone fetches to open the field app the first time: `npm run bench -- field-size`.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import fastify from 'fastify';
import { serveField } from '../adapters/http/static.ts';
import { openBrowser } from '../test/support/browser.ts';
import { buildField } from '../tools/build-field.mjs';
import { root } from '../tools/sources.ts';

/** What the page of one language fetched, as it came over the wire, headers included. */
interface Fetched {
  readonly bytes: number;
  readonly files: { readonly [name: string]: number };
}

if ((await buildField(process.execPath)) !== 0) throw new Error('the field app did not build');
const app = fastify();
await serveField(app);
const url = await app.listen({ host: '127.0.0.1', port: 0 });
const browser = await openBrowser();
try {
  const zh = await open('zh-CN', []);
  const en = await open('en-GB', []);
  // The camera's reader, which a phone takes when nothing else is to be done.
  const scanner = await open('en-GB', scannerFiles());
  const kb = (bytes: number): number => Math.round(bytes / 100) / 10;
  const report = {
    firstLoadKb: kb(Math.max(zh.bytes, en.bytes)),
    firstLoadZhKb: kb(zh.bytes),
    firstLoadEnKb: kb(en.bytes),
    scannerKb: kb(scanner.bytes - en.bytes),
    files: Object.fromEntries(Object.entries(zh.files).map(([name, size]) => [name, kb(size)])),
  };
  process.stdout.write(`${JSON.stringify(report)}\n`);
} finally {
  await browser.close();
  await app.close();
}

/** Opens the app in a browser that has nothing of it, until nothing more is fetched. */
async function open(locale: string, also: readonly string[]): Promise<Fetched> {
  const context = await browser.newContext({
    locale,
    viewport: { width: 360, height: 740 },
    // It takes the same files once more, from the browser's own cache.
    serviceWorkers: 'block',
  });
  const page = await context.newPage();
  const network = await context.newCDPSession(page);
  await network.send('Network.enable');
  const names = new Map<string, string>();
  const files: Record<string, number> = {};
  network.on('Network.requestWillBeSent', ({ requestId, request }) => {
    names.set(requestId, new URL(request.url).pathname);
  });
  network.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    const name = names.get(requestId) ?? requestId;
    files[name] = (files[name] ?? 0) + encodedDataLength;
  });
  await page.goto(`${url}/field/`, { waitUntil: 'networkidle' });
  await page.evaluate(() => document.fonts.ready);
  await page.evaluate(async (paths) => {
    for (const path of paths) await (await fetch(path)).arrayBuffer();
  }, also);
  const bytes = Object.values(files).reduce((sum, size) => sum + size, 0);
  await context.close();
  return { bytes, files };
}

function scannerFiles(): string[] {
  const names = readdirSync(join(root, 'dist', 'field', 'assets'));
  const own = names.filter((name) => /^(?:zxing|native).*\.(?:js|wasm)$/.test(name));
  if (own.length < 3) throw new Error(`the scanner is in other files now: ${own.join()}`);
  return own.map((name) => `/field/assets/${name}`);
}
