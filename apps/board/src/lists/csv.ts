/** What a cell of an exported file may hold. */
export type Cell = string | number | null;

/** Rows as CSV by RFC 4180, with a mark so that spreadsheets read the Chinese as UTF-8. */
export function toCsv(heads: readonly string[], rows: readonly (readonly Cell[])[]): string {
  const lines = [heads, ...rows].map((cells) => cells.map(quote).join(','));
  return `\uFEFF${lines.join('\r\n')}\r\n`;
}

function quote(cell: Cell): string {
  if (cell === null) return '';
  if (typeof cell === 'number') return String(cell);
  // A text that begins like a formula would be run by the spreadsheet that opens the file.
  const text = /^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Gives the browser a file to keep: a table as text, or whatever came from the server. */
export function offerFile(
  name: string,
  content: string | Blob,
  type = 'text/csv;charset=utf-8',
): void {
  const blob = content instanceof Blob ? content : new Blob([content], { type });
  const url = URL.createObjectURL(blob);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // Revoked later: some browsers begin to read only after the click has returned.
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
