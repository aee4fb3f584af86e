/** One object on standard output, and nothing else. */
export function printJson(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value)}\n`);
}

/** A table for people: columns as wide as their widest cell, numbers to the right. */
export function printTable(rows: readonly { readonly [column: string]: unknown }[]): void {
  const [first] = rows;
  if (first === undefined) return;
  const columns = Object.keys(first);
  const cells = rows.map((row) => columns.map((column) => show(row[column])));
  const widths = columns.map((column, index) =>
    Math.max(width(column), ...cells.map((line) => width(line[index] ?? ''))),
  );
  const line = (texts: readonly string[], right: (index: number) => boolean): string =>
    texts
      .map((text, index) => pad(text, { size: widths[index] ?? 0, right: right(index) }))
      .join('  ')
      .trimEnd();
  const numeric = columns.map((column) => rows.every((row) => typeof row[column] !== 'string'));
  const isNumeric = (index: number): boolean => numeric[index] === true;
  process.stdout.write(`${line(columns, isNumeric)}\n`);
  for (const texts of cells) process.stdout.write(`${line(texts, isNumeric)}\n`);
}

/** Progress for people: only when somebody watches. */
export function progress(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${text}`);
}

/** Ends the line of progress. */
export function progressDone(): void {
  if (process.stderr.isTTY) process.stderr.write('\r\u001b[K');
}

function show(value: unknown): string {
  if (value === null || value === undefined) return '-';
  if (typeof value === 'object') return JSON.stringify(value);
  return String(value);
}

/** Columns a text takes in a terminal: Chinese characters take two. */
function width(text: string): number {
  let columns = 0;
  for (const character of text)
    columns += /[\u2e80-\u9fff\uf900-\ufaff\uff00-\uff60]/.test(character) ? 2 : 1;
  return columns;
}

function pad(text: string, { size, right }: { size: number; right: boolean }): string {
  const space = ' '.repeat(Math.max(0, size - width(text)));
  return right ? space + text : text + space;
}
