import { type KeyboardEvent, useState } from 'react';
import type { TriangleRows } from '../../../../rooms/trend/index.ts';
import { useSpeech } from '../language/translate.ts';
import { Figure } from './Figure.tsx';
import { shadeOf } from './geometry.ts';
import type { TrendReply } from './types.ts';
import { useDays } from './use-days.ts';
import { useFindings } from './use-findings.ts';
import { useWidth } from './use-width.ts';

const shownDays = 21;
const left = 58;
const top = 26;
const rowHigh = 15;

/** How long infections took to be on record: the stair is where the present cuts off. */
export function TriangleChart({ trend }: { trend: TrendReply }) {
  const { t } = useSpeech();
  const findings = useFindings(trend);
  const { triangle, noNowcast } = trend.estimates;
  const median = triangle === null ? null : medianDelay(triangle);
  const title =
    median === null
      ? t('trend.thin-title')
      : median <= 1
        ? t('trend.triangle-title-one')
        : t('trend.triangle-title', { days: median });
  return (
    <Figure
      name={`delays-${trend.place.code}-${trend.until}`}
      title={title}
      subject={t('trend.subject.delays')}
      instead={triangle === null ? findings.thin(noNowcast) : null}
      quality={findings.quality}
      legendText={t('trend.triangle-about')}
      legend={<span className="key-note">{t('trend.triangle-about')}</span>}
      table={{
        heads: [t('trend.column-day'), t('trend.column-delay'), t('trend.column-count')],
        rows: (triangle?.days ?? []).flatMap((on, day) =>
          (triangle?.counts[day] ?? []).flatMap((count, delay) =>
            count === null ? [] : [[on, delay, count]],
          ),
        ),
      }}
    >
      {triangle === null ? null : <Grid triangle={triangle} label={title} />}
    </Figure>
  );
}

function medianDelay({ counts }: TriangleRows): number {
  const byDelay: number[] = [];
  for (const row of counts) {
    row.forEach((count, delay) => {
      byDelay[delay] = (byDelay[delay] ?? 0) + (count ?? 0);
    });
  }
  const total = byDelay.reduce((sum, count) => sum + count, 0);
  let sum = 0;
  return byDelay.findIndex((count) => {
    sum += count;
    return sum * 2 >= total;
  });
}

function Grid({ triangle, label }: { triangle: TriangleRows; label: string }) {
  const { t } = useSpeech();
  const { day, short } = useDays();
  const [holder, width] = useWidth<HTMLDivElement>(560);
  const [at, setAt] = useState<GridPlace | null>(null);
  const first = Math.max(0, triangle.days.length - shownDays);
  const days = triangle.days.slice(first);
  const counts = triangle.counts.slice(first);
  const columns = triangle.delayMax + 1;
  const wide = Math.min(44, (width - left - 8) / columns);
  const most = Math.max(1, ...counts.flat().map((count) => count ?? 0));
  const height = top + days.length * rowHigh + 4;
  const read = (row: number, delay: number): string => {
    const count = counts[row]?.[delay] ?? null;
    const values = { day: day(days[row] ?? ''), count: delay };
    if (count === null) return t('trend.triangle-early', values);
    return t('trend.triangle-cell', { ...values, cases: count });
  };
  const step = (event: KeyboardEvent): void => {
    const next = moved(event.key, at ?? { row: days.length - 1, delay: 0 });
    if (next === null) return;
    event.preventDefault();
    setAt({
      row: Math.min(days.length - 1, Math.max(0, next.row)),
      delay: Math.min(columns - 1, Math.max(0, next.delay)),
    });
  };
  return (
    <div ref={holder}>
      <svg
        className="plot"
        viewBox={`0 0 ${width} ${height}`}
        width={width}
        height={height}
        role="slider"
        tabIndex={0}
        aria-label={label}
        aria-valuemin={0}
        aria-valuemax={days.length - 1}
        aria-valuenow={at?.row ?? days.length - 1}
        aria-valuetext={read(at?.row ?? days.length - 1, at?.delay ?? 0)}
        onKeyDown={step}
        onBlur={() => setAt(null)}
        onPointerLeave={() => setAt(null)}
      >
        <DelayHeads columns={columns} wide={wide} width={width} />
        {days.map((on, row) => (
          <g key={on}>
            <text className="tick" x={left - 8} y={top + row * rowHigh + 11} textAnchor="end">
              {(days.length - 1 - row) % 2 === 0 ? short(on) : ''}
            </text>
            <Row
              counts={counts[row] ?? []}
              most={most}
              wide={wide}
              y={top + row * rowHigh}
              onLook={(delay) => setAt({ row, delay })}
            />
          </g>
        ))}
        {at === null ? null : <Chosen at={at} wide={wide} />}
      </svg>
      <p className="chart-read">{at === null ? t('trend.read-hint') : read(at.row, at.delay)}</p>
    </div>
  );
}

function Chosen({ at, wide }: { at: GridPlace; wide: number }) {
  const [x, y] = [left + at.delay * wide, top + at.row * rowHigh];
  return (
    <rect data-screen-only className="heat-chosen" x={x} y={y} width={wide} height={rowHigh} />
  );
}

interface HeadsProps {
  readonly columns: number;
  /** Width of a column, and of the whole chart. */
  readonly wide: number;
  readonly width: number;
}

function DelayHeads({ columns, wide, width }: HeadsProps) {
  const { t } = useSpeech();
  const end = left + columns * wide;
  return (
    <>
      {end + 60 < width ? (
        <text className="axis-title" x={end + 8} y={top - 10}>
          {t('trend.triangle-delay')}
        </text>
      ) : null}
      {Array.from({ length: columns }, (_, delay) => (
        <text
          key={delay}
          className="tick"
          x={left + (delay + 0.5) * wide}
          y={top - 10}
          textAnchor="middle"
        >
          {delay === columns - 1 ? `${delay}+` : delay}
        </text>
      ))}
    </>
  );
}

interface RowProps {
  readonly counts: readonly (number | null)[];
  readonly most: number;
  readonly wide: number;
  readonly y: number;
  readonly onLook: (delay: number) => void;
}

function Row({ counts, most, wide, y, onLook }: RowProps) {
  return counts.map((count, delay) => (
    <rect
      // A delay has its place in the row.
      key={delay}
      className={count === null ? 'heat-early' : 'heat'}
      fillOpacity={count === null ? 1 : 0.06 + 0.94 * shadeOf(count, most)}
      x={left + delay * wide + 0.5}
      y={y + 0.5}
      width={wide - 1}
      height={rowHigh - 1}
      onPointerEnter={() => onLook(delay)}
    />
  ));
}

interface GridPlace {
  readonly row: number;
  readonly delay: number;
}

/** The cell beside another in the direction of an arrow key; null for any other key. */
function moved(key: string, { row, delay }: GridPlace): GridPlace | null {
  if (key === 'ArrowUp') return { row: row - 1, delay };
  if (key === 'ArrowDown') return { row: row + 1, delay };
  if (key === 'ArrowLeft') return { row, delay: delay - 1 };
  return key === 'ArrowRight' ? { row, delay: delay + 1 } : null;
}
