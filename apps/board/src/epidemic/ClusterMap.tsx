import { useState } from 'react';
import type { PlaceShape } from '../../../../adapters/postgres/shapes.ts';
import type { RecentCount } from '../../../../rooms/trend/index.ts';
import { useSpeech } from '../language/translate.ts';
import { useResource } from '../resource.ts';
import { Figure } from './Figure.tsx';
import { Key, Keys } from './Key.tsx';
import { type Drawn, drawMap, placeLabels } from './map-geometry.ts';
import type { TrendReply } from './types.ts';
import { useDays } from './use-days.ts';
import { useFindings } from './use-findings.ts';
import { useWidth } from './use-width.ts';
import { asIs } from '../parts/as-is.ts';

const mapHeight = 400;
const margin = 40;

interface Spot extends RecentCount {
  readonly name: string;
  readonly population: number | null;
  readonly isCluster: boolean;
}

/** Where infections are: circles over the places, and a ring about those that are too many. */
export function ClusterMap({ trend }: { trend: TrendReply }) {
  const { t } = useSpeech();
  const findings = useFindings(trend);
  const shapes = useResource<{ rows: readonly PlaceShape[] }>(
    `/trend/shapes?place=${encodeURIComponent(trend.place.code)}`,
  );
  const spots = useSpots(trend);
  const rows = shapes.data?.rows ?? [];
  const { title, details } = useSentences(trend, spots);
  const drawn = rows.filter(({ place }) => spots.some((spot) => spot.place === place));
  const isMap = drawn.length > 0;
  const sources = [...new Set(drawn.map(({ source }) => source))];
  const notes = [
    ...details,
    isMap ? '' : t('trend.map-schematic'),
    isMap && sources.length > 0 ? t('trend.map-source', { source: sources.join(', ') }) : '',
  ].filter((note) => note !== '');
  return (
    <Figure
      name={`map-${trend.place.code}-${trend.until}`}
      title={title}
      subject={t('trend.subject.map')}
      quality={findings.quality}
      legendText={[t('trend.map-size'), t('trend.map-ring'), ...notes].join('; ')}
      legend={
        <Keys note={t('trend.map-size')}>
          <Key className="key-cluster">{t('trend.map-ring')}</Key>
          {isMap ? <Key className="key-point">{t('trend.map-point')}</Key> : null}
        </Keys>
      }
      table={{
        heads: [
          ...[t('trend.head-place'), t('trend.column-population')],
          ...['0-13', '14-27', t('trend.found.community')],
        ],
        rows: spots.map((spot) => [
          ...[spot.name, spot.population, spot.fortnight, spot.fortnightBefore, spot.community],
        ]),
      }}
    >
      <Picture shapes={isMap ? drawn : schematic(spots)} spots={spots} isMap={isMap} />
      {notes.map((note) => (
        <p
          key={note}
          className="chart-note"
          {...(sources.some((s) => note.includes(s)) ? { translate: 'no' as const } : {})}
        >
          {note}
        </p>
      ))}
    </Figure>
  );
}

function useSpots({ recent, standings, labels, clusters }: TrendReply): readonly Spot[] {
  const { label } = useSpeech();
  const inCluster = new Set((clusters.found ?? []).flatMap(({ places }) => places));
  const populations = new Map(standings.map(({ place, population }) => [place, population]));
  const parts = recent.length > 1 ? recent.slice(1) : recent;
  return parts.map((each) => ({
    ...each,
    name: label(labels[each.place]) || each.place,
    population: populations.get(each.place) ?? null,
    isCluster: inCluster.has(each.place),
  }));
}

function useSentences(
  { clusters, labels }: TrendReply,
  spots: readonly Spot[],
): { title: string; details: readonly string[] } {
  const { t, label } = useSpeech();
  const { day } = useDays();
  const most = spots.reduce<Spot | null>(
    (best, spot) => (spot.fortnight > (best?.fortnight ?? 0) ? spot : best),
    null,
  );
  const counted =
    most === null
      ? t('trend.map-nobody')
      : t('trend.map-most', { place: most.name, count: most.fortnight });
  const { found, reason, leftOut } = clusters;
  const left = leftOut > 0 && found !== null ? [t('trend.map-left-out', { count: leftOut })] : [];
  const [first] = found ?? [];
  if (first === undefined) {
    if (found !== null) return { title: t('trend.map-none'), details: [counted, ...left] };
    const why = reason === null || reason === 'no-positions' ? null : t(`trend.map-thin.${reason}`);
    return { title: counted, details: why === null ? left : [why, ...left] };
  }
  const names = first.places.map((place) => label(labels[place]) || place).join(t('common.and'));
  const detail = (found ?? []).map((each) =>
    t('trend.map-cluster-detail', {
      from: day(each.from),
      until: day(each.until),
      risk: each.relativeRisk?.toFixed(1) ?? '∞',
      p: each.pValue.toFixed(3),
    }),
  );
  const expected = first.expected.toFixed(first.expected < 10 ? 1 : 0);
  const title = t('trend.map-cluster', { places: names, observed: first.observed, expected });
  return { title, details: [...detail, ...left] };
}

function acrossOf(count: number): number {
  return Math.max(1, Math.ceil(Math.sqrt(count * 1.6)));
}

/** Squares in rows are as high as their width asks for, and no higher than a map. */
function schematicHeight(count: number, width: number): number {
  const across = acrossOf(count);
  const high = ((width - 2 * margin) / across) * 0.8;
  return Math.min(mapHeight, 2 * margin + Math.ceil(count / across) * high);
}

/** Without positions: the places in rows, each in its own square, in the order of their codes. */
function schematic(spots: readonly Spot[]): PlaceShape[] {
  const across = acrossOf(spots.length);
  return spots.map(({ place }, index) => {
    const [column, row] = [index % across, Math.floor(index / across)];
    const [west, north] = [column * 0.1, -row * 0.08];
    const corners = [
      [west, north],
      [west + 0.092, north],
      [west + 0.092, north - 0.072],
      [west, north - 0.072],
      [west, north],
    ];
    return {
      place,
      longitude: west + 0.046,
      latitude: north - 0.036,
      outline: { type: 'Polygon', coordinates: [corners] },
      source: '',
    };
  });
}

interface PictureProps {
  readonly shapes: readonly PlaceShape[];
  readonly spots: readonly Spot[];
  readonly isMap: boolean;
}

function Picture({ shapes, spots, isMap }: PictureProps) {
  const { t } = useSpeech();
  const [holder, width] = useWidth<HTMLDivElement>(560);
  const [at, setAt] = useState<string | null>(null);
  const height = isMap ? mapHeight : schematicHeight(spots.length, width);
  const { places, perKilometre } = drawMap(shapes, { width, height, margin });
  const byPlace = new Map(spots.map((spot) => [spot.place, spot]));
  // A single infection is a small circle even where it is the most.
  const most = Math.max(12, ...spots.map(({ fortnight }) => fortnight));
  const radius = (count: number): number => (count === 0 ? 0 : 4 + 30 * Math.sqrt(count / most));
  const named = placeLabels(
    places.flatMap(({ place, x, y }) => {
      const spot = byPlace.get(place);
      if (spot === undefined) return [];
      const weight = spot.fortnight + (spot.isCluster ? 1e6 : 0);
      const below = y + radius(spot.fortnight) + 13;
      return [{ place, x, y: below, width: widthOf(spot.name), weight }];
    }),
  );
  const said = byPlace.get(at ?? '');
  const sorted = places.toSorted(
    (left, right) =>
      (byPlace.get(right.place)?.fortnight ?? 0) - (byPlace.get(left.place)?.fortnight ?? 0),
  );
  return (
    <div ref={holder}>
      <svg
        className="plot map"
        viewBox={`0 0 ${width} ${height}`}
        width={width}
        height={height}
        role="group"
        aria-label={t(isMap ? 'trend.map-size' : 'trend.map-schematic')}
      >
        {places.map(({ place, path }) =>
          path === null ? null : <path key={place} className="land" d={path} />,
        )}
        {sorted.map((drawn) => (
          <Place
            key={drawn.place}
            drawn={drawn}
            spot={byPlace.get(drawn.place)}
            radius={radius}
            onLook={setAt}
          />
        ))}
        {places.map(({ place, x, y }) => {
          const spot = byPlace.get(place);
          if (spot === undefined || !named.has(place)) return null;
          return (
            <text
              key={place}
              className="spot-name"
              {...asIs}
              x={x}
              y={y + radius(spot.fortnight) + 13}
              textAnchor="middle"
            >
              {spot.name}
            </text>
          );
        })}
        {isMap ? <ScaleBar perKilometre={perKilometre} /> : null}
      </svg>
      <p className="chart-read">
        {said === undefined ? t('trend.map-hint') : <SpotText spot={said} />}
      </p>
    </div>
  );
}

function SpotText({ spot }: { spot: Spot }) {
  const { t } = useSpeech();
  const { name, fortnight, fortnightBefore, population } = spot;
  const rate = population === null ? '–' : ((fortnight / population) * 1e5).toFixed(1);
  const values = { place: name, count: fortnight, before: fortnightBefore, rate };
  return <span {...asIs}>{t('trend.map-read', values)}</span>;
}

/** About as wide as a name is drawn: a Chinese character is twice a Latin one. */
function widthOf(name: string): number {
  return Array.from(name).reduce((sum, one) => sum + (one > '\u2e80' ? 11.5 : 6.2), 6);
}

interface PlaceProps {
  readonly drawn: Drawn;
  readonly spot: Spot | undefined;
  readonly radius: (count: number) => number;
  readonly onLook: (place: string | null) => void;
}

function Place({ drawn, spot, radius, onLook }: PlaceProps) {
  if (spot === undefined) return null;
  const { place, x, y, path } = drawn;
  const { name, fortnight, isCluster } = spot;
  const wide = radius(fortnight);
  const look = () => onLook(place);
  return (
    <g
      className="spot"
      tabIndex={0}
      role="img"
      aria-label={`${name}: ${fortnight}`}
      {...asIs}
      onFocus={look}
      onBlur={() => onLook(null)}
      onPointerEnter={look}
      onPointerLeave={() => onLook(null)}
    >
      {path === null ? (
        <circle className="spot-point" cx={x} cy={y} r={Math.max(11, wide + 4)} />
      ) : null}
      <circle className="spot-count" cx={x} cy={y} r={Math.max(2, wide)} />
      {isCluster ? <circle className="spot-ring" cx={x} cy={y} r={wide + 5} /> : null}
      {fortnight > 0 ? (
        <text
          className={wide > 11 ? 'spot-number' : 'spot-number-out'}
          x={x}
          y={wide > 11 ? y + 4 : y - wide - 4}
          textAnchor="middle"
        >
          {fortnight}
        </text>
      ) : null}
    </g>
  );
}

function ScaleBar({ perKilometre }: { perKilometre: number }) {
  const { t } = useSpeech();
  const kilometres = [1, 2, 5, 10, 20, 50].find((each) => each * perKilometre >= 60) ?? 50;
  const y = mapHeight - 12;
  return (
    <g>
      <path className="scale-bar" d={`M8,${y - 4}v4h${kilometres * perKilometre}v-4`} />
      <text className="tick" x={12} y={y - 6}>
        {t('trend.map-scale', { count: kilometres })}
      </text>
    </g>
  );
}
