/** Rows and columns of a 96-well plate (ANSI/SLAS 4-2004): A to H, 1 to 12. */
const rowLetters = ['A', 'B', 'C', 'D', 'E', 'F', 'G', 'H'];
const columnCount = 12;

/** Well and plate positions as a person or an instrument may write them. */
const written = /^([A-Z])0*([1-9]\d?)$/;

/** The wells of a plate, along the rows: A1 … A12, B1 … H12. */
export const plateWells: readonly string[] = rowLetters.flatMap((row) =>
  Array.from({ length: columnCount }, (_, index) => `${row}${index + 1}`),
);
const isWell = new Set(plateWells);

/** Whether a plate has this well, written the short way: `A1`, not `A01`. */
export function isPlateWell(well: string): boolean {
  return isWell.has(well);
}

/**
 * Rule LA-2. Reads `a01`, `A1` or a full-width `Ａ１` as `A1`; null when no plate has such a well.
 * Bio-Rad writes A01, Applied Biosystems A1.
 */
export function readWell(text: string): string | null {
  const match = written.exec(text.normalize('NFKC').trim().toUpperCase());
  const well = match === null ? '' : `${match[1]}${match[2]}`;
  return isWell.has(well) ? well : null;
}

/** The well of a running number 1 … 96 along the rows; null outside. */
export function wellByNumber(number: number): string | null {
  return plateWells[number - 1] ?? null;
}
