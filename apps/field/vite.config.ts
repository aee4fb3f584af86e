import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { defineConfig } from 'vite';
import { chineseSlicesOnly, fieldFace } from './build/plugins.mjs';

// Whatever the build is started from, a test run included, what people get is the lean one.
process.env['NODE_ENV'] = process.argv.includes('build') ? 'production' : process.env['NODE_ENV'];

const manifest: unknown = JSON.parse(
  readFileSync(join(import.meta.dirname, '..', '..', 'package.json'), 'utf8'),
);
const { version } = manifest as { version: string };
const build = createHash('sha256')
  .update(process.env['SEXTANT_SOURCES'] ?? '')
  .digest('hex')
  .slice(0, 6);

export default defineConfig({
  root: import.meta.dirname,
  // Relative, so that the app also works below a path of somebody's own proxy.
  base: './',
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  define: { APP_VERSION: JSON.stringify(`${version}-${build}`) },
  plugins: [chineseSlicesOnly(), fieldFace()],
  worker: { format: 'es' },
  build: {
    outDir: '../../dist/field',
    emptyOutDir: true,
    target: 'es2022',
    assetsInlineLimit: 0,
    reportCompressedSize: false,
    modulePreload: { polyfill: false },
  },
  server: {
    proxy: { '/v1': process.env['SEXTANT_API'] ?? 'http://127.0.0.1:7780' },
  },
});
