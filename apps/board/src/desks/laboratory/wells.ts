export const plateRows = 'ABCDEFGH'.split('');
export const plateColumns = Array.from({ length: 12 }, (_, index) => index + 1);

/** The wells in the order a multichannel pipette fills them: down the columns, A1, B1 … H12. */
const fillOrder: readonly string[] = plateColumns.flatMap((column) =>
  plateRows.map((row) => `${row}${column}`),
);

export type Control = 'positive' | 'negative';

/** Where controls stand unless somebody moves them: the last two wells, out of the samples' way. */
export const usualControls: { readonly [well: string]: Control } = {
  G12: 'negative',
  H12: 'positive',
};

/** Puts tubes into the free wells in filling order; those that find no well are left over. */
export function fillWells(
  tubes: readonly string[],
  controls: { readonly [well: string]: Control },
): { wells: { well: string; tube: string }[]; left: string[] } {
  const free = fillOrder.filter((well) => controls[well] === undefined);
  const wells = tubes
    .slice(0, free.length)
    .map((tube, index) => ({ well: free[index] ?? '', tube }));
  return { wells, left: tubes.slice(free.length) };
}
