/** Words that a saved figure carries with it, so that it still says what it means elsewhere. */
export interface Caption {
  readonly title: string;
  /** Lines below: legend, quality of the data, where and when. */
  readonly lines: readonly string[];
}

const svgSpace = 'http://www.w3.org/2000/svg';
/** What a viewer without our page needs to draw a shape as it stands here. */
const drawnStyles = [
  'fill',
  'fill-opacity',
  'stroke',
  'stroke-width',
  'stroke-opacity',
  'stroke-dasharray',
  'stroke-linecap',
  'stroke-linejoin',
  'opacity',
  'font-size',
  'font-weight',
  'text-anchor',
  'paint-order',
] as const;
const fonts = "'Noto Sans SC','PingFang SC','Microsoft YaHei','Segoe UI',sans-serif";
const padding = 20;
const titleSize = 17;
const lineSize = 12;
const lineHeight = 18;

/** A chart by itself: styles written out, its sentence above and its data quality below. */
export function standAlone(chart: SVGSVGElement, caption: Caption): SVGSVGElement {
  const { width, height } = chart.viewBox.baseVal;
  const copy = chart.cloneNode(true) as SVGSVGElement;
  copyStyles(chart, copy);
  for (const mark of copy.querySelectorAll('[data-screen-only]')) mark.remove();
  const style = getComputedStyle(document.documentElement);
  const ink = style.getPropertyValue('--ink').trim();
  const soft = style.getPropertyValue('--soft').trim();
  const ground = style.getPropertyValue('--sheet').trim();
  const titleLines = wrapped(caption.title, width, titleSize);
  const footLines = caption.lines.flatMap((line) => wrapped(line, width, lineSize));
  const top = padding + titleLines.length * (titleSize + 6) + 6;
  const whole = document.createElementNS(svgSpace, 'svg');
  const outer = {
    width: width + 2 * padding,
    height: top + height + 10 + footLines.length * lineHeight + padding,
  };
  whole.setAttribute('xmlns', svgSpace);
  whole.setAttribute('viewBox', `0 0 ${outer.width} ${outer.height}`);
  whole.setAttribute('width', String(outer.width));
  whole.setAttribute('height', String(outer.height));
  whole.setAttribute('font-family', fonts);
  whole.append(made('title', {}, caption.title));
  whole.append(made('rect', { width: outer.width, height: outer.height, fill: ground }));
  titleLines.forEach((text, index) => {
    const y = padding + (index + 1) * (titleSize + 4);
    const type = { 'font-size': titleSize, 'font-weight': 600, fill: ink };
    whole.append(made('text', { x: padding, y, ...type }, text));
  });
  const group = made('g', { transform: `translate(${padding} ${top})` });
  group.append(...copy.childNodes);
  whole.append(group);
  footLines.forEach((text, index) => {
    const y = top + height + 10 + (index + 1) * lineHeight - 5;
    whole.append(made('text', { x: padding, y, 'font-size': lineSize, fill: soft }, text));
  });
  return whole;
}

function made(
  name: string,
  attributes: { readonly [name: string]: string | number },
  text?: string,
): SVGElement {
  const fresh = document.createElementNS(svgSpace, name);
  for (const [key, value] of Object.entries(attributes)) fresh.setAttribute(key, String(value));
  if (text !== undefined) fresh.textContent = text;
  return fresh;
}

function copyStyles(from: Element, to: Element): void {
  const style = getComputedStyle(from);
  for (const name of drawnStyles) to.setAttribute(name, style.getPropertyValue(name));
  to.removeAttribute('class');
  to.removeAttribute('tabindex');
  [...from.children].forEach((child, index) => {
    const twin = to.children[index];
    if (twin !== undefined) copyStyles(child, twin);
  });
}

/** Lines that fit: a Chinese character is as wide as it is high, a Latin one about half of that. */
function wrapped(text: string, width: number, size: number): string[] {
  const lines: string[] = [];
  let line = '';
  let used = 0;
  for (const part of text.match(/[\u2e80-\uffef]|[^\s\u2e80-\uffef]+\s*|\s+/g) ?? []) {
    const wide = Array.from(part).reduce(
      (sum, one) => sum + (one > '\u2e80' ? size : size * 0.56),
      0,
    );
    if (used + wide > width && line !== '') {
      lines.push(line.trimEnd());
      line = '';
      used = 0;
    }
    line += part;
    used += wide;
  }
  return line === '' ? lines : [...lines, line.trimEnd()];
}

/** A figure as the text of an SVG file. */
export function svgText(figure: SVGSVGElement): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n${new XMLSerializer().serializeToString(figure)}`;
}

const pixelsPerUnit = 2;

/**
 * A figure as a picture. It is painted by the page itself: a picture made of an SVG may not use the
 * page's own face, a machine may have no other with Chinese, and our policy loads no such picture.
 */
export function pngOf(figure: SVGSVGElement): Promise<Blob> {
  const { width, height } = figure.viewBox.baseVal;
  const canvas = document.createElement('canvas');
  canvas.width = width * pixelsPerUnit;
  canvas.height = height * pixelsPerUnit;
  const context = canvas.getContext('2d');
  if (context === null) throw new Error('this browser draws no pictures');
  context.scale(pixelsPerUnit, pixelsPerUnit);
  for (const child of figure.children) paint(child, context);
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => {
      if (blob === null) reject(new Error('the picture could not be made'));
      else resolve(blob);
    }, 'image/png');
  });
}

const numberOf = (element: Element, name: string, otherwise = 0): number => {
  const value = Number.parseFloat(element.getAttribute(name) ?? '');
  return Number.isNaN(value) ? otherwise : value;
};

/** Paints one element with all below it. Groups are only ever moved, never turned or stretched. */
function paint(element: Element, context: CanvasRenderingContext2D): void {
  context.save();
  const moved = /translate\(([-\d.]+)[ ,]+([-\d.]+)\)/.exec(
    element.getAttribute('transform') ?? '',
  );
  if (moved !== null) context.translate(Number(moved[1]), Number(moved[2]));
  context.globalAlpha *= numberOf(element, 'opacity', 1);
  if (element.tagName === 'g') for (const child of element.children) paint(child, context);
  else if (element.tagName === 'text') paintText(element, context);
  else paintShape(element, context);
  context.restore();
}

function paintShape(element: Element, context: CanvasRenderingContext2D): void {
  const path = pathOf(element);
  if (path === null) return;
  const alpha = context.globalAlpha;
  const fill = element.getAttribute('fill') ?? 'none';
  if (fill !== 'none' && element.tagName !== 'line') {
    context.globalAlpha = alpha * numberOf(element, 'fill-opacity', 1);
    context.fillStyle = fill;
    context.fill(path);
  }
  const stroke = element.getAttribute('stroke') ?? 'none';
  if (stroke === 'none') return;
  context.globalAlpha = alpha * numberOf(element, 'stroke-opacity', 1);
  context.strokeStyle = stroke;
  context.lineWidth = numberOf(element, 'stroke-width', 1);
  context.lineJoin = element.getAttribute('stroke-linejoin') === 'round' ? 'round' : 'miter';
  context.lineCap = element.getAttribute('stroke-linecap') === 'round' ? 'round' : 'butt';
  context.setLineDash(
    (element.getAttribute('stroke-dasharray') ?? '').match(/[\d.]+/g)?.map(Number) ?? [],
  );
  context.stroke(path);
}

function pathOf(element: Element): Path2D | null {
  const at = (name: string): number => numberOf(element, name);
  const path = new Path2D();
  switch (element.tagName) {
    case 'rect':
      path.roundRect(at('x'), at('y'), at('width'), at('height'), at('rx'));
      return path;
    case 'circle':
      path.arc(at('cx'), at('cy'), at('r'), 0, 2 * Math.PI);
      return path;
    case 'line':
      path.moveTo(at('x1'), at('y1'));
      path.lineTo(at('x2'), at('y2'));
      return path;
    case 'path':
      return new Path2D(element.getAttribute('d') ?? '');
    default:
      return null;
  }
}

function paintText(element: Element, context: CanvasRenderingContext2D): void {
  const face = getComputedStyle(document.documentElement).getPropertyValue('--face');
  const weight = element.getAttribute('font-weight') ?? '400';
  const anchor = element.getAttribute('text-anchor') ?? 'start';
  const [x, y] = [numberOf(element, 'x'), numberOf(element, 'y')];
  const text = element.textContent ?? '';
  context.font = `${weight} ${numberOf(element, 'font-size', 12)}px ${face}`;
  context.textAlign = anchor === 'middle' ? 'center' : anchor === 'end' ? 'end' : 'start';
  const stroke = element.getAttribute('stroke') ?? 'none';
  if (stroke !== 'none') {
    context.strokeStyle = stroke;
    context.lineWidth = numberOf(element, 'stroke-width', 1);
    context.lineJoin = 'round';
    context.strokeText(text, x, y);
  }
  context.fillStyle = element.getAttribute('fill') ?? '#000';
  context.fillText(text, x, y);
}
