import { createHash } from 'node:crypto';
import { Writable } from 'node:stream';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { textOf } from './cells.ts';
import { FaultFile, quote } from './fault-file.ts';
import { FileRefused } from './refusal.ts';
import { openTable, type TableOptions } from './table.ts';

async function* pieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let from = 0; from < bytes.length; from += size) yield bytes.subarray(from, from + size);
}

async function read(bytes: Uint8Array, size = 65_536, options: TableOptions = {}) {
  const table = await openTable(pieces(bytes, size), options);
  const rows: { row: number; cells: unknown[] }[] = [];
  try {
    for await (const batch of table.rows) {
      for (const { row, cells } of batch) rows.push({ row, cells: [...cells] });
    }
    const { format, merged } = table;
    return { rows, format, merged, encoding: table.encoding(), digest: table.digest() };
  } finally {
    await table.close();
  }
}

async function codeOf(bytes: Uint8Array, options: TableOptions = {}): Promise<string> {
  try {
    await read(bytes, 65_536, options);
    return 'read';
  } catch (error) {
    if (error instanceof FileRefused) return error.code;
    throw error;
  }
}

const text = '姓名,居委\r\n王芳,宝钢一村\r\n';
const cells = [
  { row: 1, cells: ['姓名', '居委'] },
  { row: 2, cells: ['王芳', '宝钢一村'] },
];

/** GBK of the text above; Node decodes GB 18030 and does not encode it, so the bytes are given. */
const gbk = Buffer.from('d0d5c3fb2cbed3ceaf0d0acdf5b7bc2cb1a6b8d6d2bbb4e50d0a', 'hex');

describe('encodings', () => {
  test.each([
    ['UTF-8', Buffer.from(text), 'utf-8'],
    ['UTF-8 with a mark', Buffer.from(`\ufeff${text}`), 'utf-8'],
    ['UTF-16 little-endian', Buffer.from(`\ufeff${text}`, 'utf16le'), 'utf-16le'],
    ['UTF-16 big-endian', Buffer.from(`\ufeff${text}`, 'utf16le').swap16(), 'utf-16be'],
    ['GBK', gbk, 'gb18030'],
  ])('%s is known by its bytes, however they are cut', async (_, bytes, encoding) => {
    for (const size of [1, 3, 7, 1_000]) {
      const table = await read(bytes, size);
      expect(table).toMatchObject({ rows: cells, encoding, format: 'csv' });
      expect(table.digest).toBe(createHash('sha256').update(bytes).digest('hex'));
    }
  });

  test('GBK after a long run of ASCII is still GBK', async () => {
    const head = Buffer.from(`name,community\n${'Li,A\n'.repeat(30_000)}`);
    const { rows, encoding } = await read(Buffer.concat([head, gbk]));
    expect(encoding).toBe('gb18030');
    expect(rows.at(-1)?.cells).toEqual(['王芳', '宝钢一村']);
  });

  test('one damaged byte in UTF-8 costs one cell, not the file', async () => {
    const bytes = Buffer.from(`姓名,居委\n${'王芳,宝钢一村\n'.repeat(20)}`);
    const at = bytes.length - 7;
    bytes[at] = 0xff;
    const { rows, encoding } = await read(bytes);
    expect(encoding).toBe('utf-8');
    expect(rows).toHaveLength(21);
    const refused = rows.flatMap((row) => row.cells).filter((cell) => typeof cell !== 'string');
    expect(refused).toMatchObject([{ refused: 'exchange.undecodable-character' }]);
  });

  test('any UTF-8 text cut anywhere reads as if it came whole', async () => {
    const cell = fc.stringMatching(/^[a-z\u4e00-\u4eff]{0,6}$/);
    const table = fc.array(fc.tuple(cell, cell), { minLength: 1, maxLength: 20 });
    await fc.assert(
      fc.asyncProperty(table, fc.integer({ min: 1, max: 40 }), async (lines, size) => {
        const bytes = Buffer.from(lines.map((line) => line.join(',')).join('\n'));
        fc.pre(bytes.length >= 4);
        const whole = await read(bytes);
        expect(whole.rows.map((row) => row.cells.join(',')).join('\n')).toBe(bytes.toString());
        expect((await read(bytes, size)).rows).toEqual(whole.rows);
      }),
      { numRuns: 50 },
    );
  });
});

describe('CSV', () => {
  test.each([',', ';', '\t'])('is separated by %j', async (mark) => {
    const { rows } = await read(Buffer.from(text.replaceAll(',', mark)));
    expect(rows).toEqual(cells);
  });

  test('numbers rows as a spreadsheet does, empty lines and broken cells included', async () => {
    const { rows } = await read(Buffer.from('a,b\n\n"x,""y""",2\n'));
    expect(rows).toEqual([
      { row: 1, cells: ['a', 'b'] },
      { row: 2, cells: [''] },
      { row: 3, cells: ['x,"y"', '2'] },
    ]);
  });

  test.each([
    ['=1+1', 'exchange.formula-cell'],
    ['@SUM(A1)', 'exchange.formula-cell'],
    ['+cmd|x', 'exchange.formula-cell'],
    ['-A1', 'exchange.formula-cell'],
    ['"a\nb"', 'exchange.line-break-in-cell'],
    ['a\u0007b', 'exchange.undecodable-character'],
  ])('refuses the cell %j with %s', async (cell, refused) => {
    const { rows } = await read(Buffer.from(`a,b\n1,${cell}\n`));
    expect(rows[1]?.cells[1]).toMatchObject({ refused });
  });

  test.each(['+86 139', '-1', '--', '-', 'a=b', '"a\n"'])('takes the cell %j', async (cell) => {
    const { rows } = await read(Buffer.from(`a,b\n1,${cell}\n`));
    expect(typeof rows[1]?.cells[1]).toBe('string');
  });

  test.each([
    ['', 'exchange.empty-file'],
    ['a,b\n"1,2\n3,4\n', 'exchange.csv-unclosed-quote'],
    ['a,b\u0000c\n1,2\n', 'exchange.not-text'],
    ['\u00d0\u00cf\u0011\u00e0 old', 'exchange.xls-not-supported'],
  ])('refuses %j', async (content, code) => {
    expect(await codeOf(Buffer.from(content, 'latin1'))).toBe(code);
  });

  test('refuses cells, rows and headers without end', async () => {
    const { rows } = await read(Buffer.from(`a,b\n1,${'长'.repeat(501)}\n`));
    expect(rows[1]?.cells[1]).toMatchObject({ refused: 'exchange.cell-too-long' });
    const open = Buffer.from(`a,b\n"${'x'.repeat(200_000)}`);
    expect(await codeOf(open)).toBe('exchange.csv-row-too-long');
    expect(await codeOf(Buffer.from('a,'.repeat(300)))).toBe('exchange.too-many-columns');
  });

  test('takes line ends of every kind, mixed as they come', async () => {
    const { rows } = await read(Buffer.from('a,b\n1,2\r\n3,4\r5,6'));
    expect(rows.map((row) => row.cells.join())).toEqual(['a,b', '1,2', '3,4', '5,6']);
  });

  test('refuses more rows and bytes than it was allowed', async () => {
    const bytes = Buffer.from('a,b\n'.repeat(100));
    expect(await codeOf(bytes, { limits: { rowsMax: 99 } })).toBe('exchange.too-many-rows');
    expect(await codeOf(bytes, { limits: { fileBytesMax: 399 } })).toBe('exchange.file-too-large');
    expect(await codeOf(bytes, { limits: { rowsMax: 100, fileBytesMax: 400 } })).toBe('read');
  });

  test('a source that breaks is an error and not the end of the file', async () => {
    async function* broken(): AsyncGenerator<Uint8Array> {
      yield Buffer.from(text.repeat(10_000));
      throw new Error('connection lost');
    }
    const table = await openTable(broken());
    const drain = async (): Promise<void> => {
      for await (const _ of table.rows) expect(_.length).toBeGreaterThan(0);
    };
    await expect(drain()).rejects.toThrow('connection lost');
    await table.close();
  });

  test('a reader that stops early stops the source', async () => {
    let isStopped = false;
    async function* endless(): AsyncGenerator<Uint8Array> {
      try {
        for (;;) yield Buffer.from(text.repeat(1_000));
      } finally {
        isStopped = true;
      }
    }
    const table = await openTable(endless());
    for await (const batch of table.rows) {
      expect(batch.length).toBeGreaterThan(0);
      break;
    }
    await table.close();
    expect(isStopped).toBe(true);
  });
});

describe('the error file', () => {
  test('is CSV that a spreadsheet opens as text, with nothing it would run', async () => {
    const written: string[] = [];
    const out = new Writable({
      write(chunk: Buffer, _, done) {
        written.push(chunk.toString());
        done();
      },
    });
    const file = new FaultFile(out);
    const fault = { row: 7, column: '姓名', code: 'exchange.formula-cell' };
    file.add({ ...fault, value: '=HYPERLINK("http://x")', reason: '公式 / A formula' });
    await file.flush();
    expect(written.join('')).toBe(
      '\ufeffrow,column,value,code,reason\r\n' +
        `7,姓名,"'=HYPERLINK(""http://x"")",exchange.formula-cell,公式 / A formula\r\n`,
    );
  });

  test('whatever the value, the file reads back as it was', async () => {
    const value = fc.stringMatching(/^[a-z"',;\t =+@-]{0,12}$/);
    await fc.assert(
      fc.asyncProperty(fc.array(value, { minLength: 2, maxLength: 5 }), async (values) => {
        const bytes = Buffer.from(`a,b,c,d,e\n${values.map(quote).join(',')}\n`);
        const { rows } = await read(bytes);
        const back = rows[1]?.cells.map((cell) => textOf(cell as string)) ?? [];
        const wanted = values.map((each) => (/^[=+\-@\t\r]/.test(each) ? `'${each}` : each));
        expect(back).toEqual(wanted);
      }),
      { numRuns: 100 },
    );
  });
});
