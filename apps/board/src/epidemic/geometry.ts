/** The measures of charts: numbers in, positions and paths out. Knows no screen and no language. */

/** The box of a chart and the part of it that holds the data. */
export interface Frame {
  readonly width: number;
  readonly height: number;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** Positions of days along and of values up a frame. */
export interface Scale {
  readonly frame: Frame;
  readonly count: number;
  /** Width of one day. */
  readonly step: number;
  /** Middle of the day of an index, which may lie between two days. */
  readonly x: (index: number) => number;
  readonly y: (value: number) => number;
  /** Index of the day at a position, held within the days there are. */
  readonly indexAt: (x: number) => number;
}

/** A scale for `count` days and values from 0 to `yMax`. */
export function scaleOf(frame: Frame, count: number, yMax: number): Scale {
  const wide = Math.max(1, frame.width - frame.left - frame.right);
  const high = Math.max(1, frame.height - frame.top - frame.bottom);
  const step = wide / Math.max(1, count);
  const most = yMax > 0 ? yMax : 1;
  return {
    frame,
    count,
    step,
    x: (index) => frame.left + (index + 0.5) * step,
    y: (value) => frame.top + high * (1 - Math.min(1, Math.max(0, value / most))),
    indexAt: (x) => Math.min(count - 1, Math.max(0, Math.floor((x - frame.left) / step))),
  };
}

/** Round values from 0 up to the first at or above `most`: 1, 2 or 5 times a power of ten apart. */
export function niceTicks(most: number, wanted = 4, whole = true): number[] {
  const top = most > 0 ? most : 1;
  const rough = top / wanted;
  const power = 10 ** Math.floor(Math.log10(rough));
  const times = [1, 2, 5, 10].find((each) => each * power >= rough * 0.999) ?? 10;
  const step = whole ? Math.max(1, times * power) : times * power;
  const count = Math.ceil(top / step - 1e-9);
  // Multiplied, not added up, so that 0.1 three times is 0.3.
  return Array.from({ length: count + 1 }, (_, index) => Number((index * step).toPrecision(12)));
}

/** Indices of days to be named so that the names do not touch; the last day is always one. */
export function dayTicks(count: number, step: number, labelWidth = 58): number[] {
  const every = [1, 2, 7, 14, 28, 56].find((days) => days * step >= labelWidth) ?? 56;
  const ticks: number[] = [];
  for (let index = count - 1; index >= 0; index -= every) ticks.unshift(index);
  return ticks;
}

/** A point of a band: a day's index with a lower and an upper value. */
export interface BandPoint {
  readonly index: number;
  readonly low: number;
  readonly high: number;
}

/** The outline of a band: along its top and back along its bottom. */
export function bandPath(points: readonly BandPoint[], { x, y }: Scale): string {
  if (points.length === 0) return '';
  const top = points.map(({ index, high }) => `${round(x(index))},${round(y(high))}`);
  const bottom = points.map(({ index, low }) => `${round(x(index))},${round(y(low))}`);
  return `M${top.join('L')}L${bottom.toReversed().join('L')}Z`;
}

/** The same in steps, each day as wide as its bar: small counts are whole and change in jumps. */
export function stepBandPath(points: readonly BandPoint[], scale: Scale): string {
  const corners = points.flatMap(({ index, low, high }) => [
    { index: index - 0.5, low, high },
    { index: index + 0.5, low, high },
  ]);
  return bandPath(corners, scale);
}

/** A line through the days that have a value; it breaks where a value is missing. */
export function linePath(
  points: readonly { readonly index: number; readonly value: number | null }[],
  { x, y }: Scale,
): string {
  let pen = 'M';
  let path = '';
  for (const { index, value } of points) {
    if (value === null) {
      pen = 'M';
      continue;
    }
    path += `${pen}${round(x(index))},${round(y(value))}`;
    pen = 'L';
  }
  return path;
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}

/** How dark a count is among others, 0 to 1: by its root, so that small ones can be told apart. */
export function shadeOf(count: number, most: number): number {
  if (count <= 0 || most <= 0) return 0;
  return Math.min(1, Math.sqrt(count / most));
}

/** Position of a duration on a logarithmic axis from `least` to `most`, 0 to 1. */
export function logShare(value: number, least: number, most: number): number {
  const held = Math.min(most, Math.max(least, value));
  return Math.log(held / least) / Math.log(most / least);
}

/** Stacks columns of counts: for each column and day where it begins and ends. */
export function stacked(columns: readonly (readonly number[])[]): [from: number, to: number][][] {
  const days = columns[0]?.length ?? 0;
  const sums = Array.from({ length: days }, () => 0);
  return columns.map((column) =>
    column.map((count, day): [number, number] => {
      const from = sums[day] ?? 0;
      sums[day] = from + count;
      return [from, from + count];
    }),
  );
}
