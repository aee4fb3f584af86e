import type { FastifyInstance, FastifyRequest } from 'fastify';
import { type Static, Type } from 'typebox';
import type { Json } from '../../../kernel/assert.ts';
import { type Day, parseDay } from '../../../kernel/day.ts';
import { formatInstant } from '../../../kernel/instant.ts';
import { covers, mayAct } from '../../../ledger/access.ts';
import { keptAs, type Role } from '../../../ledger/room.ts';
import type { Place } from '../../postgres/roster.ts';
import { type PlaceShape, saveShapes, shapesOf } from '../../postgres/shapes.ts';
import { findSnapshot, freezeSnapshot, listSnapshots } from '../../postgres/snapshots.ts';
import type { Admission } from '../admission.ts';
import { text } from '../asked.ts';
import { actorOf, actorWith, placeOf, requireRole, type ServerContext } from '../context.ts';
import { Problem } from '../problem.ts';
import { pointIn, polygon } from '../shape.ts';
import { digestOf, type TrendAnswer, TrendReader } from '../trend-reader.ts';

const strict = { additionalProperties: false };
const day = Type.Optional(Type.String({ format: 'date' }));
const question = Type.Object({ place: text, until: day }, strict);
const listQuestion = Type.Object({ place: text }, strict);
const frozenParams = Type.Object({ id: Type.String({ pattern: '^[0-9a-f]{32}$' }) }, strict);

/** Whose word goes into bulletins, and whose drawings onto maps. */
const freezers: readonly Role[] = ['headquarters'];
const drawers: readonly Role[] = ['headquarters', 'admin'];

/** The trend: figures of a place up to a day, frozen when somebody wants to cite them. */
export function registerTrend(
  app: FastifyInstance,
  context: ServerContext,
  { trends }: Admission,
): void {
  const tags = ['trend'];
  const reader = new TrendReader(context);
  app.get(
    '/v1/trend',
    { schema: { querystring: question, summary: 'The trend of a place up to a day', tags } },
    async (request) => {
      const { place, until } = asked(request, context, { reader, from: 'query' });
      return tell(context, place, await trends.within(() => reader.read(place, until)));
    },
  );
  app.post(
    '/v1/trend/snapshots',
    { schema: { body: question, summary: 'Freeze the figures, to cite them', tags } },
    async (request, reply) => {
      const actor = actorWith(request, freezers);
      const { place, until } = asked(request, context, { reader, from: 'body' });
      requireRole(actor, freezers, place);
      const { account } = actor;
      const { figures, receipt, now } = await trends.within(() => reader.read(place, until));
      const frozen = keptAs<Json>(JSON.parse(JSON.stringify(figures)));
      const id = digestOf(frozen);
      const { code, path } = place;
      const made = { receipt, madeAt: now, madeBy: account };
      await freezeSnapshot(context.pool, {
        id,
        place: code,
        path,
        until,
        ...made,
        figures: frozen,
      });
      void reply.code(201);
      return { id, place: code, until, ...made };
    },
  );
  app.get(
    '/v1/trend/snapshots',
    { schema: { querystring: listQuestion, summary: 'What was frozen for a place', tags } },
    async (request) => {
      const { place: code } = request.query as Static<typeof listQuestion>;
      const place = placeOf(request, context, code);
      return { rows: await listSnapshots(context.pool, place.code) };
    },
  );
  app.get(
    '/v1/trend/snapshots/:id',
    { schema: { params: frozenParams, summary: 'Frozen figures', tags } },
    async (request) => {
      const { id } = request.params as Static<typeof frozenParams>;
      const snapshot = await findSnapshot(context.pool, id);
      const { grants } = actorOf(request);
      const path = snapshot?.path ?? '';
      if (snapshot === null || !grants.some((grant) => covers(grant.place, path))) {
        throw new Problem('trend.unknown-snapshot', `no figures were frozen as ${id}`);
      }
      return snapshot;
    },
  );
  registerShapes(app, context);
}

const feature = Type.Object({
  type: Type.Literal('Feature'),
  properties: Type.Object({ code: Type.String({ minLength: 1, maxLength: 80 }) }),
  geometry: Type.Union([
    Type.Object({ type: Type.Literal('Point'), coordinates: Type.Array(Type.Number()) }),
    polygon,
  ]),
});
const collection = Type.Object({
  type: Type.Literal('FeatureCollection'),
  /** Whose drawing it is: told under every map. */
  attribution: Type.String({ minLength: 1, maxLength: 200 }),
  features: Type.Array(feature, { minItems: 1, maxItems: 20_000 }),
});

function registerShapes(app: FastifyInstance, context: ServerContext): void {
  const tags = ['trend'];
  app.get(
    '/v1/trend/shapes',
    { schema: { querystring: listQuestion, summary: 'Shapes of a place and those below', tags } },
    async (request) => {
      const { place: code } = request.query as Static<typeof listQuestion>;
      const place = placeOf(request, context, code);
      const below = context.roster().childrenOf(place.code);
      const codes = [place, ...below].map((each) => each.code);
      return { rows: await shapesOf(context.pool, codes) };
    },
  );
  app.put(
    '/v1/trend/shapes',
    {
      bodyLimit: shapeBytesMax,
      schema: { body: collection, summary: 'Shapes of places, GeoJSON in WGS 84', tags },
    },
    async (request) => {
      const actor = actorWith(request, drawers);
      const { features, attribution } = request.body as Static<typeof collection>;
      const { places } = context.roster();
      const shapes = features.map(({ properties: { code }, geometry }, index): PlaceShape => {
        const where = `/features/${index}`;
        const place = places.get(code);
        if (place === undefined) {
          throw new Problem('places.unknown-place', `no place has code ${code}`, { where });
        }
        if (!mayAct(actor, drawers, place.path)) {
          const detail = `needs one of: ${drawers.join(', ')} at ${code}`;
          throw new Problem('access.not-permitted', detail, { where });
        }
        const point = pointIn(geometry);
        if (point === null) {
          const detail = 'longitude and latitude in degrees, four corners or more a ring';
          throw new Problem('http.malformed-request', detail, { where: `${where}/geometry` });
        }
        const outline = geometry.type === 'Point' ? null : keptAs<Json>(geometry);
        return { place: code, ...point, outline, source: attribution };
      });
      const last = new Map(shapes.map((shape) => [shape.place, shape]));
      await saveShapes(context.pool, [...last.values()]);
      return { saved: last.size };
    },
  );
}

const shapeBytesMax = 50_000_000;

function asked(
  request: FastifyRequest,
  context: ServerContext,
  { reader, from }: { reader: TrendReader; from: 'query' | 'body' },
): { place: Place; until: Day } {
  const { place: code, until: on } = request[from] as Static<typeof question>;
  const place = placeOf(request, context, code);
  const today = reader.today();
  const until = on === undefined ? today : parseDay(on);
  if (until === null || until > today) {
    throw new Problem('trend.day-to-come', `the record goes up to ${today}`, { where: '/until' });
  }
  return { place, until };
}

/** The figures with what a screen needs beside them: names of places, and how fresh. */
async function tell(
  context: ServerContext,
  place: Place,
  { figures, receipt, now }: TrendAnswer,
): Promise<object> {
  const roster = context.roster();
  const named = figures.standings.map(({ place: code }) => code);
  const labels = Object.fromEntries(
    named.map((code) => [code, roster.places.get(code)?.label ?? code]),
  );
  return {
    ...figures,
    asOf: formatInstant(now),
    receipt,
    place: { code: place.code, kind: place.kind, label: place.label },
    labels,
  };
}
