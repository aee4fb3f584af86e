import type { Json } from '../../kernel/assert.ts';
import type { Queryable } from './database.ts';

/** Where a place lies: a point, and an outline where somebody has drawn one. */
export interface PlaceShape {
  readonly place: string;
  readonly longitude: number;
  readonly latitude: number;
  /** GeoJSON Polygon or MultiPolygon; null for a place that has only its point. */
  readonly outline: Json;
  /** Whose drawing it is, as its licence asks to be told. */
  readonly source: string;
}

/** Shapes of the places named, those that have one. */
export async function shapesOf(
  client: Queryable,
  places: readonly string[],
): Promise<PlaceShape[]> {
  const { rows } = await client.query<PlaceShape & { readonly [column: string]: unknown }>({
    name: 'shapes-of',
    text: `select place, longitude, latitude, outline, source from place_shapes
      where place = any($1::text[]) order by place`,
    values: [places],
  });
  return rows;
}

/** Puts shapes on record; a place has one, the last. */
export async function saveShapes(client: Queryable, shapes: readonly PlaceShape[]): Promise<void> {
  await client.query({
    name: 'save-shapes',
    text: `insert into place_shapes (place, longitude, latitude, outline, source)
      select place, longitude, latitude, nullif(outline, 'null'::jsonb), source
      from json_to_recordset($1::json) as s (place text, longitude double precision,
        latitude double precision, outline jsonb, source text)
      on conflict (place) do update set longitude = excluded.longitude,
        latitude = excluded.latitude, outline = excluded.outline, source = excluded.source`,
    values: [JSON.stringify(shapes)],
  });
}
