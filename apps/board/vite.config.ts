import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

/**
 * The component library ships its own words in 34 languages and loads all of them at once.
 * The board speaks two, so the others are left out of the build.
 */
function onlyOurLanguages(): Plugin {
  const foreign = /[\\/]intl[\\/].*[\\/](?!en-US|zh-CN)[a-z]{2}-[A-Z]{2}\.mjs$/;
  return {
    name: 'only-our-languages',
    load: (id) => (foreign.test(id.split('?')[0] ?? id) ? 'export default {};' : null),
  };
}

/**
 * Text waits for its face, for a moment, instead of standing in another one meanwhile: a machine
 * without a Chinese font would show empty boxes until the face is there.
 */
function textWaitsForFace(): Plugin {
  return {
    name: 'text-waits-for-face',
    enforce: 'pre',
    transform: (code, id) =>
      id.includes('noto-sans-sc') && id.endsWith('.css')
        ? code.replaceAll('font-display: swap', 'font-display: block')
        : null,
  };
}

// Whatever the build is started from, a test run included, what people get is the lean one.
process.env['NODE_ENV'] = process.argv.includes('build') ? 'production' : process.env['NODE_ENV'];

export default defineConfig({
  root: import.meta.dirname,
  // Relative, so that the board also works below a path of somebody's own proxy.
  base: './',
  plugins: [react(), onlyOurLanguages(), textWaitsForFace()],
  build: {
    outDir: '../../dist/board',
    emptyOutDir: true,
    target: 'es2023',
    // Fonts stay files: a subset is fetched only when a screen needs one of its characters.
    assetsInlineLimit: 0,
    reportCompressedSize: false,
  },
  server: {
    proxy: { '/v1': process.env['SEXTANT_API'] ?? 'http://127.0.0.1:7780' },
  },
});
