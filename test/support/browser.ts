import { randomBytes } from 'node:crypto';
import {
  createReadStream,
  createWriteStream,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { createBrotliDecompress } from 'node:zlib';
import { type Browser, chromium } from 'playwright-core';

/** A Chromium ready to run, and what it needs around it. */
interface Installation {
  readonly executable: string;
  /** Folder of the libraries that a bare machine lacks; null when the system has them. */
  readonly libraries: string | null;
}

const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  // Containers often have 64 MB of /dev/shm, too little for a large page.
  '--disable-dev-shm-usage',
  // The same glyph shapes wherever the tests run.
  '--font-render-hinting=none',
];

/** What a browser is given beside itself. */
export interface BrowserOptions {
  /** A film (`fake-camera.ts`) that every page sees through its camera, without being asked. */
  readonly camera?: string;
}

/**
 * A headless Chromium: `SEXTANT_CHROMIUM`, else /usr/bin/chromium, else the one of the package
 * `@sparticuz/chromium`, which needs nothing of the machine but the C library. In all cases it
 * sees one Latin font and no Chinese one, so that a page has to bring what it needs.
 */
export async function openBrowser(options: BrowserOptions = {}): Promise<Browser> {
  const { executable, libraries } = await findChromium();
  const home = mkdtempSync(join(tmpdir(), 'sextant-browser-'));
  const browser = await chromium.launch({
    executablePath: executable,
    headless: true,
    args: [...flags, ...cameraFlags(options)],
    env: {
      PATH: process.env['PATH'] ?? '',
      HOME: home,
      TMPDIR: tmpdir(),
      FONTCONFIG_FILE: writeFontConfig(home, await inflatedFonts()),
      ...(libraries === null ? {} : { LD_LIBRARY_PATH: libraries }),
    },
  });
  browser.on('disconnected', () => rmSync(home, { recursive: true, force: true }));
  return browser;
}

function cameraFlags({ camera }: BrowserOptions): string[] {
  if (camera === undefined) return [];
  return [
    '--use-fake-ui-for-media-stream',
    '--use-fake-device-for-media-stream',
    `--use-file-for-fake-video-capture=${camera}`,
  ];
}

async function findChromium(): Promise<Installation> {
  const named = process.env['SEXTANT_CHROMIUM'];
  if (named !== undefined && named !== '') return { executable: named, libraries: null };
  const system = '/usr/bin/chromium';
  if (existsSync(system)) return { executable: system, libraries: null };
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new Error(
      `The packaged Chromium is for Linux on x64, and this is ${process.platform} on ` +
        `${process.arch}: let SEXTANT_CHROMIUM name a Chromium or Chrome.`,
    );
  }
  return {
    executable: join(await inflated('chromium'), 'chromium'),
    libraries: join(await inflated('al2023'), 'lib'),
  };
}

function inflatedFonts(): Promise<string> {
  return inflated('fonts');
}

/** Fontconfig with the packaged Latin font alone. */
function writeFontConfig(folder: string, fonts: string): string {
  const file = join(folder, 'fonts.conf');
  const cache = join(folder, 'font-cache');
  writeFileSync(
    file,
    `<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><dir>${fonts}</dir><cachedir>${cache}</cachedir></fontconfig>\n`,
  );
  return file;
}

const packageFolder = dirname(dirname(fileURLToPath(import.meta.resolve('@sparticuz/chromium'))));

/**
 * The folder with the unpacked archive `name` of the package, which is made for AWS Lambda and
 * stores everything as Brotli: `chromium` is the bare program, the others are tar archives
 * (`al2023` the NSS libraries, `fonts` Open Sans). Unpacked once a version, whole or not at all.
 */
async function inflated(name: 'chromium' | 'al2023' | 'fonts'): Promise<string> {
  const manifest: unknown = JSON.parse(readFileSync(join(packageFolder, 'package.json'), 'utf8'));
  const { version } = manifest as { version: string };
  const parent = cacheFolder(`chromium-${version}`);
  const folder = join(parent, name);
  if (existsSync(folder)) return folder;
  const making = `${folder}.${randomBytes(6).toString('hex')}`;
  mkdirSync(making, { recursive: true });
  const archive = name === 'chromium' ? 'chromium.br' : `${name}.tar.br`;
  await pipeline(
    createReadStream(join(packageFolder, 'bin', archive)),
    createBrotliDecompress({ chunkSize: 2 ** 21 }),
    name === 'chromium'
      ? createWriteStream(join(making, 'chromium'), { mode: 0o755 })
      : unpackInto(making),
  );
  try {
    renameSync(making, folder);
  } catch (error) {
    rmSync(making, { recursive: true, force: true });
    // Another test process was quicker.
    if (!existsSync(folder)) throw error;
  }
  return folder;
}

/** tar-fs comes with the package and is found from there. */
function unpackInto(folder: string): NodeJS.WritableStream {
  const require = createRequire(join(packageFolder, 'package.json'));
  const { extract } = require('tar-fs') as { extract: (to: string) => NodeJS.WritableStream };
  return extract(folder);
}

/** Beside the packages, or in a folder of our own where those cannot be written to. */
function cacheFolder(name: string): string {
  const beside = join(packageFolder, '..', '..', '.cache', 'sextant', name);
  try {
    mkdirSync(beside, { recursive: true });
    return beside;
  } catch {
    const own = join(tmpdir(), `sextant-cache-${process.getuid?.() ?? 0}`, name);
    mkdirSync(own, { recursive: true, mode: 0o700 });
    return own;
  }
}
