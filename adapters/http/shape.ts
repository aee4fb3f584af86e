import { type Static, Type } from 'typebox';

const ring = Type.Array(Type.Array(Type.Number(), { minItems: 2, maxItems: 3 }), {
  minItems: 4,
  maxItems: 100_000,
});

/** An area of GeoJSON (RFC 7946): rings of longitude and latitude, the first the outer one. */
export const polygon = Type.Union([
  Type.Object({ type: Type.Literal('Polygon'), coordinates: Type.Array(ring, { minItems: 1 }) }),
  Type.Object({
    type: Type.Literal('MultiPolygon'),
    coordinates: Type.Array(Type.Array(ring, { minItems: 1 }), { minItems: 1 }),
  }),
]);

export type Outline = Static<typeof polygon>;
type Ring = Static<typeof ring>;
type Geometry = Outline | { readonly type: 'Point'; readonly coordinates: readonly number[] };

/**
 * A point for a geometry: its own, or the middle of the largest outer ring. Null when a coordinate
 * is no degree or a ring encloses nothing.
 */
export function pointIn(geometry: Geometry): { longitude: number; latitude: number } | null {
  if (geometry.type === 'Point') return inDegrees(geometry.coordinates);
  const outer: Ring[] =
    geometry.type === 'Polygon'
      ? geometry.coordinates.slice(0, 1)
      : geometry.coordinates.flatMap((rings) => rings.slice(0, 1));
  let best: { area: number; x: number; y: number } | null = null;
  for (const each of outer) {
    if (each.some((corner) => inDegrees(corner) === null)) return null;
    const middle = middleOf(each);
    if (best === null || middle.area > best.area) best = middle;
  }
  return best === null || best.area === 0 ? null : { longitude: best.x, latitude: best.y };
}

function inDegrees([longitude, latitude]: readonly number[]) {
  if (longitude === undefined || latitude === undefined) return null;
  const isHere = Math.abs(longitude) <= 180 && Math.abs(latitude) <= 90;
  return isHere ? { longitude, latitude } : null;
}

/** Area and centre of mass of a ring, by the shoelace formula about its first corner. */
function middleOf(corners: Ring): { area: number; x: number; y: number } {
  const [x0 = 0, y0 = 0] = corners[0] ?? [];
  let twice = 0;
  let x = 0;
  let y = 0;
  corners.forEach(([xa = 0, ya = 0], index) => {
    const [xb = 0, yb = 0] = corners[(index + 1) % corners.length] ?? [];
    const cross = (xa - x0) * (yb - y0) - (xb - x0) * (ya - y0);
    twice += cross;
    x += (xa + xb - 2 * x0) * cross;
    y += (ya + yb - 2 * y0) * cross;
  });
  const area = Math.abs(twice) / 2;
  if (area === 0) return { area: 0, x: x0, y: y0 };
  return { area, x: x0 + x / (3 * twice), y: y0 + y / (3 * twice) };
}
