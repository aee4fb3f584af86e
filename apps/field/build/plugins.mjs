import { createHash } from 'node:crypto';
import { makeFace } from './face.mjs';

/** Chinese characters and the signs that stand among them. */
const han = /[\u3000-\u303f\u3400-\u9fff\uff01-\uff65]/g;
/** The one Chinese word on an English screen has a face of its own, of a few hundred bytes. */
const otherLanguage = '中文';

/**
 * A Vite plugin: cuts a face to exactly the characters that the built app has in it, and names
 * it in the page. It runs when everything else is built, because only then the words are known.
 *
 * @returns {import('vite').Plugin}
 */
export function fieldFace() {
  return {
    name: 'field-face',
    apply: 'build',
    enforce: 'post',
    generateBundle: {
      order: 'post',
      async handler(_options, bundle) {
        const code = Object.values(bundle).map((part) => (part.type === 'chunk' ? part.code : ''));
        const found = new Set(code.join('').match(han) ?? []);
        for (const character of otherLanguage) found.delete(character);
        const words = [...found].sort().join('');
        if (words.length < 100) throw new Error('the built app has no Chinese words in it');
        const rules = await Promise.all([
          faceRule(this, words, 'words'),
          faceRule(this, otherLanguage, 'switch'),
        ]);
        const page = bundle['index.html'];
        if (page === undefined || page.type !== 'asset') throw new Error('no page was built');
        const html = String(page.source);
        page.source = html.replace('</head>', `<style>${rules.join('')}</style></head>`);
      },
    },
  };
}

/**
 * A Vite plugin: of the face for names only the Chinese slices. Latin is the phone's own, and text
 * waits for a slice instead of standing there as empty boxes.
 *
 * @returns {import('vite').Plugin}
 */
export function chineseSlicesOnly() {
  return {
    name: 'chinese-slices-only',
    enforce: 'pre',
    transform: (code, id) =>
      id.includes('noto-sans-sc') && id.endsWith('.css') ? chineseOnly(code) : null,
  };
}

function chineseOnly(css) {
  const rules = css.match(/@font-face\s*{[^}]*}/g) ?? [];
  const kept = rules.filter((rule) => /noto-sans-sc-\d+-/.test(rule));
  if (kept.length < 90) throw new Error('the slices of the face have other names now');
  return kept
    .join('\n')
    .replaceAll('font-display: swap', 'font-display: block')
    .replace(/unicode-range:([^;]*);/g, (_rule, ranges) => {
      // The slices repeat some Latin, which is the phone's own.
      const own = ranges
        .split(',')
        .filter((range) => Number.parseInt(range.trim().slice(2), 16) > 0x2000);
      return `unicode-range:${own.join()};`;
    });
}

async function faceRule(plugin, characters, name) {
  const source = await makeFace(characters, 480);
  const digest = createHash('sha256').update(source).digest('hex').slice(0, 10);
  const fileName = `assets/face-${name}-${digest}.woff2`;
  plugin.emitFile({ type: 'asset', fileName, source });
  const range = Array.from(characters, (each) => `U+${each.codePointAt(0).toString(16)}`).join();
  return (
    `@font-face{font-family:'Sextant Words';font-weight:400;font-display:block;` +
    `src:url(./${fileName}) format('woff2');unicode-range:${range}}`
  );
}
