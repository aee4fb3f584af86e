import type { Page } from 'playwright-core';

/** What was looked at on a screen, and what is wrong with it. */
export interface Looks {
  readonly looked: { readonly texts: number; readonly targets: number };
  readonly problems: readonly string[];
}

interface Found {
  readonly looked: number;
  readonly problems: readonly string[];
}

/**
 * Looks at the screen as it is drawn: nothing wider than it, every target at least 48 px in both
 * directions, every text at least 4.5 : 1 (3 : 1 when large) against what is behind it.
 */
export async function fieldFaults(page: Page): Promise<Looks> {
  const texts = await page.evaluate(textsInPage);
  const targets = await page.evaluate(targetsInPage);
  return {
    looked: { texts: texts.looked, targets: targets.looked },
    problems: [...texts.problems, ...targets.problems],
  };
}

/** Runs in the page: contrast of every text, by the colours that are drawn. */
function textsInPage(): Found {
  type Colour = readonly [number, number, number, number];
  const canvas = document.createElement('canvas');
  const context = canvas.getContext('2d', { willReadFrequently: true });
  const read = (text: string): Colour => {
    if (context === null) throw new Error('no canvas');
    context.clearRect(0, 0, 1, 1);
    context.fillStyle = text;
    context.fillRect(0, 0, 1, 1);
    const [red = 0, green = 0, blue = 0, alpha = 0] = context.getImageData(0, 0, 1, 1).data;
    return [red, green, blue, alpha / 255];
  };
  const over = (top: Colour, below: Colour): Colour => {
    const mix = (index: 0 | 1 | 2): number => top[index] * top[3] + below[index] * (1 - top[3]);
    return [mix(0), mix(1), mix(2), 1];
  };
  /** Everything behind an element, from the page upwards. */
  const ground = (element: Element): Colour => {
    const layers: Colour[] = [];
    for (let at: Element | null = element; at !== null; at = at.parentElement) {
      layers.push(read(getComputedStyle(at).backgroundColor));
    }
    return layers.reduceRight<Colour>((below, top) => over(top, below), [255, 255, 255, 1]);
  };
  // WCAG 2.2, relative luminance and contrast ratio.
  const luminance = (colour: Colour): number => {
    const part = (index: 0 | 1 | 2): number => {
      const share = colour[index] / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    };
    return 0.2126 * part(0) + 0.7152 * part(1) + 0.0722 * part(2);
  };
  const problems: string[] = [];
  let looked = 0;
  const scene = document.querySelector('dialog[open]') ?? document.body;
  const walker = document.createTreeWalker(scene, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
    const element = node.parentElement;
    const text = (node.textContent ?? '').trim();
    if (element === null || text === '' || !element.checkVisibility()) continue;
    const style = getComputedStyle(element);
    if (style.clipPath !== 'none') continue;
    looked += 1;
    const size = Number.parseFloat(style.fontSize);
    const isLarge = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
    const behind = ground(element);
    const front = luminance(over(read(style.color), behind));
    const back = luminance(behind);
    const ratio = (Math.max(front, back) + 0.05) / (Math.min(front, back) + 0.05);
    if (ratio < (isLarge ? 3 : 4.5)) problems.push(`${text}: contrast ${ratio.toFixed(2)}`);
  }
  return { looked, problems };
}

/** Runs in the page: nothing beyond its edges, and every target large enough for a thumb. */
function targetsInPage(): Found {
  const problems: string[] = [];
  const { clientWidth, scrollWidth } = document.documentElement;
  if (scrollWidth > clientWidth) problems.push(`the page is ${scrollWidth} px wide`);
  const scene = document.querySelector('dialog[open]') ?? document.body;
  let looked = 0;
  for (const target of scene.querySelectorAll('button, a, input, textarea, select')) {
    // A choice is as large as its frame, in which the browser's own circle is not drawn.
    const shown = target.closest('.choice') ?? target;
    if (!shown.checkVisibility()) continue;
    looked += 1;
    const { width, height, left, right } = shown.getBoundingClientRect();
    const name = target.getAttribute('aria-label') ?? target.textContent ?? target.tagName;
    if (width < 48 || height < 48) {
      problems.push(`${name}: ${Math.round(width)} × ${Math.round(height)} px`);
    }
    if (left < -1 || right > clientWidth + 1) problems.push(`${name}: beyond the edge`);
  }
  return { looked, problems };
}
