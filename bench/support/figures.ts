/** The middle of some measurements; NaN of none. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((left, right) => left - right);
  const half = Math.floor(sorted.length / 2);
  const [low, high] = [sorted[half - 1] ?? Number.NaN, sorted[half] ?? Number.NaN];
  return sorted.length % 2 === 1 ? high : (low + high) / 2;
}

/** A figure with so many decimals; null when there is none. */
export function rounded(value: number, decimals: number): number | null {
  return Number.isFinite(value) ? Number(value.toFixed(decimals)) : null;
}

/** The least and the greatest of some measurements, with so many decimals. */
export function spreadOf(values: readonly number[], decimals: number): (number | null)[] {
  return [Math.min(...values), Math.max(...values)].map((value) => rounded(value, decimals));
}
