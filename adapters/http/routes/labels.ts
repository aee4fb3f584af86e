import { randomUUID } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { type Static, Type } from 'typebox';
import type { Role } from '../../../ledger/room.ts';
import {
  type LabelKind,
  labelSeries,
  serialLabel,
  serialMax,
} from '../../../rooms/screening/index.ts';
import { type LabelRefusalCode, labelReasons } from '../../exchange/labels/codes.ts';
import {
  isLayoutName,
  type LayoutName,
  labelsOnPage,
  layouts,
} from '../../exchange/labels/layouts.ts';
import { drawSheets, fitsOn } from '../../exchange/labels/sheet.ts';
import { isSymbologyName, symbologies, type SymbologyName } from '../../exchange/labels/symbol.ts';
import {
  findLabelRun,
  type LabelOrder,
  type LabelRun,
  labelsOfRun,
  listLabelRuns,
  personsAt,
  takeLabels,
} from '../../postgres/labels.ts';
import { type Admission, whenOver } from '../admission.ts';
import { actorOf, actorWith, placeOf, requireRole, type ServerContext } from '../context.ts';
import { Problem } from '../problem.ts';

/** Labels of one run: 77 sheets of 65, more than a printer's tray holds. */
const countMax = 5000;
const runsTold = 200;

const printers: readonly Role[] = ['admin', 'headquarters', 'community', 'sampler', 'laboratory'];
const overseers: readonly Role[] = ['admin', 'headquarters'];

// Kinds, counts and layouts are checked below, where each has a code and words of its own.
const order = Type.Object(
  {
    kind: Type.String({ maxLength: 40 }),
    count: Type.Optional(Type.Number()),
    layout: Type.Optional(Type.String({ maxLength: 40 })),
    symbol: Type.Optional(Type.String({ maxLength: 40 })),
    place: Type.Optional(Type.String({ maxLength: 80 })),
    from: Type.Optional(Type.Integer({ minimum: 1, maximum: serialMax })),
    /** Chosen by whoever asks: the same number twice prints the same labels. */
    run: Type.Optional(Type.String({ pattern: '^[A-Za-z0-9-]{8,64}$' })),
  },
  { additionalProperties: false },
);
const one = Type.Object({ run: Type.String({ maxLength: 64 }) });
const tags = ['labels'];

/** SC-14, SC-15. Labels of unique series as PDF, printed again as often as wanted. */
export function registerLabels(
  app: FastifyInstance,
  context: ServerContext,
  { sheets }: Admission,
): void {
  app.get(
    '/v1/labels',
    { schema: { summary: 'Sheets, codes and runs', tags } },
    async (request) => {
      const { account } = actorWith(request, printers);
      const seesAll = mayOversee(request);
      const wanted = { account: seesAll ? null : account, limit: runsTold };
      const runs = await listLabelRuns(context.pool, wanted);
      return {
        countMax,
        layouts: Object.entries(layouts).map(([name, layout]) => ({
          name,
          label: layout.label,
          onPage: labelsOnPage(layout),
        })),
        symbols: Object.entries(symbologies).map(([name, label]) => ({ name, label })),
        rows: runs.map(shown),
      };
    },
  );
  app.post(
    '/v1/labels',
    { schema: { body: order, summary: 'Print labels of the next serials, as PDF', tags } },
    async (request, reply) => {
      // Before serials are taken: who is sent away has used up none.
      whenOver(reply, sheets.enter());
      const wanted = await readOrder(context, request);
      const run = await takeLabels(context.pool, wanted);
      if (run === 'used-up') throw refused('labels.series-used-up');
      if (!isSame(run, wanted)) throw refused('labels.run-differs', '/run');
      return send(context, reply, run);
    },
  );
  app.get(
    '/v1/labels/:run',
    { schema: { params: one, summary: 'Print a run again', tags } },
    async (request, reply) => {
      const { account } = actorWith(request, printers);
      const run = await findLabelRun(context.pool, (request.params as Static<typeof one>).run);
      // Somebody else's run is as unknown as one that never was.
      if (run === null || (run.account !== account && !mayOversee(request))) {
        throw refused('labels.unknown-run');
      }
      whenOver(reply, sheets.enter());
      return send(context, reply, run);
    },
  );
}

async function readOrder(context: ServerContext, request: FastifyRequest): Promise<LabelOrder> {
  const { account } = actorWith(request, printers);
  const body = request.body as Static<typeof order>;
  const { kind, layout = 'a4-65', symbol = 'data-matrix' } = body;
  if (!isKind(kind)) throw refused('labels.unknown-kind', '/kind');
  if (!isLayoutName(layout)) throw refused('labels.unknown-layout', '/layout');
  if (!isSymbologyName(symbol)) throw refused('labels.unknown-symbol', '/symbol');
  const persons = kind === 'person' ? await readPersons(context, request, body.place) : null;
  const count = persons?.length ?? body.count;
  if (count === undefined || !Number.isInteger(count) || count < 1 || count > countMax) {
    throw refused('labels.bad-count', '/count', { max: countMax });
  }
  // Every label of a kind has the width of the longest: ten digits on a card, ten characters else.
  const longest = kind === 'person' ? 'P2147483647A' : 'T99999999A';
  if (!fitsOn({ layout: layouts[layout], symbology: symbol, label: longest })) {
    throw refused('labels.symbol-too-wide', '/symbol');
  }
  return {
    run: body.run ?? randomUUID(),
    kind,
    count,
    place: persons === null ? null : (body.place ?? null),
    layout,
    symbology: symbol,
    account,
    madeAt: context.clock.now(),
    from: body.from ?? 1,
    persons,
  };
}

async function readPersons(
  context: ServerContext,
  request: FastifyRequest,
  code: string | undefined,
): Promise<number[]> {
  if (code === undefined || code === '') throw refused('labels.no-persons', '/place');
  const place = placeOf(request, context, code);
  requireRole(actorOf(request), ['community', 'headquarters', 'sampler'], place);
  const limit = countMax + 1;
  const persons = await personsAt(context.pool, { path: place.path, limit });
  if (persons.length === 0) throw refused('labels.no-persons', '/place');
  if (persons.length > countMax) throw refused('labels.too-many-persons', '/place');
  return persons;
}

async function send(
  context: ServerContext,
  reply: FastifyReply,
  run: LabelRun,
): Promise<FastifyReply> {
  const labels = await labelsOfRun(context.pool, run);
  // Written by this program; a sheet that it no longer knows would be a bug.
  const layout = layouts[run.layout as LayoutName];
  const symbology = run.symbology as SymbologyName;
  const title = `${labels[0] ?? ''} - ${labels.at(-1) ?? ''}`;
  void reply.headers({
    'content-type': 'application/pdf',
    'content-disposition': `inline; filename="labels-${labels[0] ?? run.run}.pdf"`,
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    'x-sextant-label-run': run.run,
    'x-sextant-label-first': labels[0] ?? '',
    'x-sextant-label-last': labels.at(-1) ?? '',
    'x-sextant-label-count': String(labels.length),
    'x-sextant-label-pages': String(Math.ceil(labels.length / labelsOnPage(layout))),
  });
  return reply.send(drawSheets({ labels, layout, symbology, title }));
}

function shown({ firstSerial, lastSerial, ...run }: LabelRun): object {
  const { kind } = run;
  const written = (serial: number | null): string | null =>
    kind === 'person' || serial === null ? null : serialLabel(kind, serial);
  const layoutLabel = layouts[run.layout as LayoutName].label;
  return { ...run, layoutLabel, first: written(firstSerial), last: written(lastSerial) };
}

function isSame(
  run: LabelRun,
  { kind, count, place, layout, symbology, account }: LabelOrder,
): boolean {
  return (
    run.kind === kind &&
    run.count === count &&
    run.place === place &&
    run.layout === layout &&
    run.symbology === symbology &&
    run.account === account
  );
}

function isKind(kind: string): kind is LabelKind {
  return Object.hasOwn(labelSeries, kind);
}

function mayOversee(request: FastifyRequest): boolean {
  return actorOf(request).grants.some(({ role }) => overseers.includes(role));
}

function refused(
  code: LabelRefusalCode,
  where?: string,
  details: { readonly [k: string]: number } = {},
): Problem {
  return new Problem(code, labelReasons[code].en, {
    details,
    ...(where === undefined ? {} : { where }),
  });
}
