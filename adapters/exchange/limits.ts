/** What a file may ask of us before it is refused. Generous for a roster of a great district. */
export const fileLimits = {
  /** A CSV of 10 million persons has about 1.2 GB. */
  fileBytesMax: 4_000_000_000,
  /** A workbook travels compressed: a full sheet of a roster has about 60 MB. */
  workbookBytesMax: 500_000_000,
  rowsMax: 10_000_000,
  columnsMax: 200,
  cellCharsMax: 500,
  /** One row of text, so that an open quotation mark does not swallow the file into memory. */
  rowCharsMax: 100_000,
  /** Parts of a workbook: sheets, styles, pictures. */
  entriesMax: 2_000,
  /** A full sheet (1,048,576 rows of a roster) inflates to about 600 MB and is streamed. */
  sheetBytesMax: 3_000_000_000,
  /** Texts of a workbook are kept in memory while its sheet is read. */
  stringsBytesMax: 400_000_000,
  stringsMax: 12_000_000,
  /** Workbook, relations and styles: small parts, parsed whole. */
  smallPartBytesMax: 20_000_000,
  /** Rosters compress 8 to 30 times; deflate reaches 1,032 only on what nobody wrote. */
  inflationMax: 200,
  /** Below this size any ratio is harmless. */
  inflationFreeBytes: 5_000_000,
  /** A run of XML without markup longer than this is an attack on the parser. */
  xmlRunCharsMax: 1_000_000,
} as const;

export type FileLimits = { readonly [K in keyof typeof fileLimits]: number };
