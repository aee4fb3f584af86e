import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'vite';

/** A file of the build. */
export interface BuiltFile {
  readonly name: string;
  readonly bytes: number;
  readonly gzipBytes: number;
}

/** The page of `scan-page.ts`, built as the app is and served with the app's policy. */
export interface ScanServer {
  readonly url: string;
  readonly files: readonly BuiltFile[];
  /** Paths that browsers have asked for. */
  readonly asked: string[];
  readonly close: () => void;
}

const html = `<!doctype html><html lang="en"><title>Scanner</title>
<link rel="icon" href="data:,"><script type="module" src="/page.js"></script>
<video style="width:320px;height:240px;object-fit:cover"></video>
<form><input aria-label="Search"><textarea aria-label="Note"></textarea><button>Send</button></form>
<button id="press">Press</button><button id="open">Open</button><button id="close">Close</button>
<button id="pause">Pause</button><button id="resume">Resume</button>
<button id="wedge">Listen</button><button id="signals">Signals</button>
<output></output><ol></ol>`;

const types: { readonly [extension: string]: string } = {
  '.js': 'text/javascript',
  '.wasm': 'application/wasm',
};

/** Builds and serves the page on a port of its own. */
export async function startScanServer(): Promise<ScanServer> {
  const folder = mkdtempSync(join(tmpdir(), 'sextant-scan-'));
  await build({
    configFile: false,
    root: fileURLToPath(new URL('../../../', import.meta.url)),
    base: './',
    logLevel: 'error',
    publicDir: false,
    build: {
      outDir: folder,
      emptyOutDir: true,
      target: 'es2023',
      assetsInlineLimit: 0,
      modulePreload: false,
      rolldownOptions: {
        input: fileURLToPath(new URL('./scan-page.ts', import.meta.url)),
        output: { entryFileNames: 'page.js' },
      },
    },
  });
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => {
      const path = join(entry.parentPath, entry.name);
      const body = readFileSync(path);
      const name = path.slice(folder.length + 1);
      return { name, body, bytes: body.length, gzipBytes: gzipSync(body).length };
    });
  const asked: string[] = [];
  const server: Server = createServer((request, response) => {
    const path = request.url ?? '/';
    asked.push(path);
    // What a page that scans needs: its own scripts and workers, and wasm compiled from its own.
    response.setHeader(
      'content-security-policy',
      "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; " +
        "style-src 'self' 'unsafe-inline'; img-src 'self' data:",
    );
    const file = files.find(({ name }) => `/${name}` === path);
    response.setHeader('content-type', types[extname(path)] ?? 'text/html; charset=utf-8');
    response.writeHead(file === undefined && path !== '/' ? 404 : 200);
    response.end(file?.body ?? html);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/`,
    files,
    asked,
    close: () => {
      server.close();
      server.closeAllConnections();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
