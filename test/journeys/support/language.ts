import type { Page } from 'playwright-core';

/**
 * Texts that the screen itself says: what people named (places, accounts) is marked as not to be
 * translated, and the emblems of the six links stand in every language.
 */
export function saidByScreen(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const apart = '[translate="no"], .emblem, code, kbd, option, style, script, [lang]:not(html)';
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const texts: string[] = [];
    for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
      const parent = node.parentElement;
      const text = (node.textContent ?? '').trim();
      if (parent === null || text === '' || parent.closest(apart) !== null) continue;
      texts.push(text);
    }
    for (const element of document.querySelectorAll('[aria-label], [placeholder], [title]')) {
      if (element.closest(apart) !== null) continue;
      for (const name of ['aria-label', 'placeholder', 'title']) {
        const text = element.getAttribute(name);
        if (text !== null && text !== '') texts.push(text);
      }
    }
    return texts;
  });
}

/** Words that are the same in both languages: names of formats, keys and genes. */
const shared = /\b(Sextant|CSV|XLSX|Ct|Ctrl|Enter|Esc|ORF1ab|IC|N|English|COVID)\b/g;
/** Numbers of things: capitals and digits, with what people put between them. */
const numbers = /\b[A-Za-z]*\d[\w.:/-]*|\b[A-Z0-9]{2,}[\w.-]*\b/g;

/** What is left of English on a Chinese screen, the names given aside. */
export function englishLeft(texts: readonly string[], names: readonly string[]): string[] {
  return texts.flatMap((text) => {
    let rest = text;
    for (const name of names) rest = rest.replaceAll(name, ' ');
    rest = rest.replace(shared, ' ').replace(numbers, ' ');
    return /[A-Za-z]{2,}/.test(rest) ? [text] : [];
  });
}

/** What is left of Chinese on an English screen. */
export function chineseLeft(texts: readonly string[]): string[] {
  return texts.filter((text) => text !== '中文' && /[\u3400-\u9fff]/.test(text));
}

/**
 * Chinese characters on the page that would show as an empty box: drawn with the page's own face
 * they look like a character that no face has.
 */
export function emptyBoxes(page: Page): Promise<{ looked: number; boxes: string[] }> {
  return page.evaluate(async () => {
    const face = 'Noto Sans SC Variable';
    const found = new Set(document.body.innerText.match(/[\u3400-\u9fff]/g));
    await document.fonts.ready;
    const canvas = document.createElement('canvas');
    canvas.width = 40;
    canvas.height = 40;
    const context = canvas.getContext('2d', { willReadFrequently: true });
    if (context === null) throw new Error('no canvas');
    const inkOf = (character: string): string => {
      context.clearRect(0, 0, 40, 40);
      context.font = `28px "${face}"`;
      context.fillText(character, 4, 32);
      const { data } = context.getImageData(0, 0, 40, 40);
      return data.filter((_, index) => index % 4 === 3).join('');
    };
    // A noncharacter of the private area: whatever stands for "no glyph" here.
    const nothing = [inkOf('\u{10fffd}'), inkOf('\ue123'), inkOf(' ')];
    const boxes = [...found].filter((character) => {
      const loaded = document.fonts.check(`16px "${face}"`, character);
      return !loaded || nothing.includes(inkOf(character));
    });
    return { looked: found.size, boxes };
  });
}
