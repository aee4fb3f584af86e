import { randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { parseArgs } from 'node:util';
import { type LabelRefusalCode, labelReasons } from '../../../adapters/exchange/labels/codes.ts';
import { Fault } from '../../../adapters/fault.ts';
import { Misuse } from '../misuse.ts';
import { printJson } from '../print.ts';
import { openSession, type Session, targetOf } from '../session.ts';

/** The lines of help about `sextant labels`. */
export const labelsUsage = `  labels --kind tube|box --count N --out FILE.pdf [--from SERIAL]
    [--layout a4-65|a4-24|letter-30|roll-50x25|roll-60x40]
    [--symbol data-matrix|qr-code|code-128]
  labels --kind person --place CODE --out FILE.pdf …
  labels --again RUN --out FILE.pdf`;

const options = {
  kind: { type: 'string' },
  count: { type: 'string' },
  place: { type: 'string' },
  layout: { type: 'string' },
  symbol: { type: 'string' },
  from: { type: 'string' },
  again: { type: 'string' },
  out: { type: 'string' },
  data: { type: 'string' },
  'database-url': { type: 'string' },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
} as const;

type Values = ReturnType<typeof parse>;

function parse(
  args: string[],
): ReturnType<typeof parseArgs<{ options: typeof options; args: string[] }>>['values'] {
  try {
    const typed = joinNegative(args);
    return parseArgs({ args: typed, options, allowPositionals: false, strict: true }).values;
  } catch (error) {
    throw new Misuse(error instanceof Error ? error.message : String(error));
  }
}

/** `--count -3` is a wrong number, which has words of its own, and no option named 3. */
function joinNegative(args: readonly string[]): string[] {
  const joined: string[] = [];
  for (const word of args) {
    const before = joined.at(-1);
    const isValue = /^-\d/.test(word) && (before === '--count' || before === '--from');
    if (isValue) joined[joined.length - 1] = `${before}=${word}`;
    else joined.push(word);
  }
  return joined;
}

/**
 * SC-14. `sextant labels`: prints labels of the next serials, or a run again, into a PDF. It works
 * on the database itself, beside a running server: both draw on one series.
 */
export async function labels(args: readonly string[]): Promise<number> {
  const values = parse([...args]);
  if (values.help) {
    process.stdout.write(`${labelsUsage}\n`);
    return 0;
  }
  const file = values.out;
  if (file === undefined || file === '') throw new Misuse('--out is missing');
  const order = values.again === undefined ? orderOf(values) : null;
  // Before any serial is given out: a file that cannot be written would cost a run.
  const part = `${file}.part`;
  await makeEmpty(part);
  const session = await openSession(targetOf(defined(values)));
  try {
    const reply = await ask(session, { order, again: values.again ?? '' });
    if (reply.statusCode >= 400) throw faultOf(reply.payload);
    await pipeline([reply.rawPayload], createWriteStream(part));
    await rename(part, file);
    tell(file, reply.headers, values.json);
    return 0;
  } finally {
    await rm(part, { force: true });
    await session.close();
  }
}

type Asked = Awaited<ReturnType<typeof ask>>;

function ask(
  { app }: Session,
  { order, again }: { readonly order: object | null; readonly again: string },
) {
  if (order === null) {
    return app.inject({ method: 'GET', url: `/v1/labels/${encodeURIComponent(again)}` });
  }
  return app.inject({
    method: 'POST',
    url: '/v1/labels',
    headers: { 'content-type': 'application/json' },
    payload: JSON.stringify(order),
  });
}

function orderOf(values: Values): object {
  const { kind, layout, symbol, place } = values;
  if (kind === undefined) throw new Misuse('--kind is missing');
  return {
    run: randomUUID(),
    kind,
    ...(layout === undefined ? {} : { layout }),
    ...(symbol === undefined ? {} : { symbol }),
    ...(place === undefined ? {} : { place }),
    ...numberOf(values, 'count'),
    ...numberOf(values, 'from'),
  };
}

function numberOf(values: Values, name: 'count' | 'from'): { [name: string]: number } {
  const text = values[name];
  if (text === undefined) return {};
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value)) {
    throw new Misuse(`--${name} is a number, not ${text}`);
  }
  return { [name]: value };
}

async function makeEmpty(path: string): Promise<void> {
  const code: LabelRefusalCode = 'labels.file-not-writable';
  const file = await open(path, 'w').catch((cause: unknown) => {
    throw new Fault(code, labelReasons[code].en, { cause });
  });
  await file.close();
}

function faultOf(payload: string): Fault {
  const { code, detail } = JSON.parse(payload) as { code?: string; detail?: string };
  return new Fault(code ?? 'http.bug', detail ?? 'labels were not printed');
}

function tell(file: string, headers: Asked['headers'], json: boolean): void {
  const of = (name: string): string => String(headers[`x-sextant-label-${name}`] ?? '');
  const told = {
    run: of('run'),
    count: Number(of('count')),
    pages: Number(of('pages')),
    first: of('first'),
    last: of('last'),
    file,
  };
  if (json) return printJson({ ok: true, ...told });
  const { run, count, pages, first, last } = told;
  process.stdout.write(
    `${count} labels, ${first} to ${last}, on ${pages} pages in ${file}\n` +
      `Print at actual size. Again, with the same numbers: sextant labels --again ${run}\n`,
  );
}

function defined({ data, 'database-url': url }: Values): Parameters<typeof targetOf>[0] {
  return {
    ...(data === undefined ? {} : { data }),
    ...(url === undefined ? {} : { 'database-url': url }),
  };
}
