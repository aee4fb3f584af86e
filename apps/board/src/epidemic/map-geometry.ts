import type { PlaceShape } from '../../../../adapters/postgres/shapes.ts';

/** A corner or a place in degrees. */
type Degrees = readonly [longitude: number, latitude: number];

/** A place on the picture: its middle, and its outline as a path where it has one. */
export interface Drawn {
  readonly place: string;
  readonly x: number;
  readonly y: number;
  readonly path: string | null;
}

/** A map: places as drawn, and how long a kilometre is on it. */
export interface MapPicture {
  readonly places: readonly Drawn[];
  readonly perKilometre: number;
}

const kilometresPerDegree = 111.195;

/**
 * Places fitted into a box: north is up, and a kilometre is as long across as up. An
 * equirectangular projection about the middle latitude, which over a city is off by less than a
 * line's width.
 */
export function drawMap(
  shapes: readonly PlaceShape[],
  box: { readonly width: number; readonly height: number; readonly margin: number },
): MapPicture {
  const rings = new Map(shapes.map((shape) => [shape.place, ringsOf(shape)]));
  const corners = shapes.flatMap(({ place, longitude, latitude }): Degrees[] => [
    [longitude, latitude],
    ...(rings.get(place) ?? []).flat(),
  ]);
  if (corners.length === 0) return { places: [], perKilometre: 0 };
  const [west, east] = rangeOf(corners.map(([longitude]) => longitude));
  const [south, north] = rangeOf(corners.map(([, latitude]) => latitude));
  const shrink = Math.cos((((south + north) / 2) * Math.PI) / 180);
  const wide = Math.max((east - west) * shrink, 1e-4);
  const high = Math.max(north - south, 1e-4);
  const scale = Math.min((box.width - 2 * box.margin) / wide, (box.height - 2 * box.margin) / high);
  const left = (box.width - wide * scale) / 2;
  const top = (box.height - high * scale) / 2;
  const at = ([longitude, latitude]: Degrees): [number, number] => [
    left + (longitude - west) * shrink * scale,
    top + (north - latitude) * scale,
  ];
  const places = shapes.map(({ place, longitude, latitude }) => {
    const [x, y] = at([longitude, latitude]);
    const own = rings.get(place) ?? [];
    const path = own.map((ring) => `M${ring.map((corner) => at(corner).map(tenth)).join('L')}Z`);
    return { place, x, y, path: path.length === 0 ? null : path.join('') };
  });
  return { places, perKilometre: scale / kilometresPerDegree };
}

/** The rings of an outline; empty for a place that has only its point. */
function ringsOf({ outline }: PlaceShape): Degrees[][] {
  if (outline === null || typeof outline !== 'object' || Array.isArray(outline)) return [];
  const { type, coordinates } = outline as { type?: unknown; coordinates?: unknown };
  if (type === 'Polygon') return coordinates as Degrees[][];
  return type === 'MultiPolygon' ? (coordinates as Degrees[][][]).flat() : [];
}

function rangeOf(values: readonly number[]): [least: number, most: number] {
  let [least, most] = [Infinity, -Infinity];
  for (const value of values) {
    least = Math.min(least, value);
    most = Math.max(most, value);
  }
  return [least, most];
}

function tenth(value: number): number {
  return Math.round(value * 10) / 10;
}

/** A name to be written on a map, centred on a point. */
export interface MapLabel {
  readonly place: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  /** What matters more is written first. */
  readonly weight: number;
}

const labelHigh = 13;

/** The names that can be written without touching: what matters more goes first. */
export function placeLabels(labels: readonly MapLabel[]): ReadonlySet<string> {
  const placed: MapLabel[] = [];
  for (const label of labels.toSorted((left, right) => right.weight - left.weight)) {
    const touches = placed.some(
      (other) =>
        Math.abs(other.x - label.x) < (other.width + label.width) / 2 &&
        Math.abs(other.y - label.y) < labelHigh,
    );
    if (!touches) placed.push(label);
  }
  return new Set(placed.map(({ place }) => place));
}
