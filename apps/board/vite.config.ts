import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';
import { readRoomWords } from './room-words.ts';

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

/** Puts the rooms' words for their codes into the build, without the rooms. */
function roomCodes(): Plugin {
  const name = 'virtual:room-codes';
  return {
    name: 'room-codes',
    resolveId: (id) => (id === name ? `\0${name}` : null),
    load: async (id) => {
      if (id !== `\0${name}`) return null;
      return `export default ${JSON.stringify(await readRoomWords())};`;
    },
  };
}

export default defineConfig({
  root: import.meta.dirname,
  // Relative, so that the board also works below a path of somebody's own proxy.
  base: './',
  plugins: [react(), onlyOurLanguages(), roomCodes()],
  build: {
    outDir: '../../dist/board',
    emptyOutDir: true,
    target: 'es2023',
    // Fonts stay files: a subset is fetched only when a screen needs one of its characters.
    assetsInlineLimit: 0,
    reportCompressedSize: false,
  },
  server: {
    proxy: { '/v1': process.env['SEXTANT_API'] ?? 'http://127.0.0.1:8080' },
  },
});
