import type { DayQuantiles, Estimates } from '../../../../rooms/trend/index.ts';
import { useSpeech } from '../language/translate.ts';
import { DayChart } from './DayChart.tsx';
import { Figure, type Table } from './Figure.tsx';
import { linePath, type Scale, stepBandPath } from './geometry.ts';
import { Key, Keys } from './Key.tsx';
import type { TrendReply } from './types.ts';
import { useDays } from './use-days.ts';
import { useFindings } from './use-findings.ts';

/** So many days of the past are drawn: more would leave no room for the days ahead. */
const pastDaysMax = 42;

/** What is on record, what it will be once all is in, and what comes: bars and a fan. */
export function FanChart({ trend }: { trend: TrendReply }) {
  const { t } = useSpeech();
  const findings = useFindings(trend);
  const { estimates } = trend;
  const { days, reported, present, now, ahead } = recentDays(estimates);
  const read = useReading({ estimates, days, reported, present });
  const used = { part: estimates.used, whole: trend.quality.infections };
  const basis = t(`trend.basis-${estimates.basis}`) + t('trend.used', used);
  const legendText = [
    basis,
    `${t('trend.kind-reported')}, ${t('trend.kind-nowcast')}, ${t('trend.kind-forecast')}`,
    t('trend.bands'),
  ].join('; ');
  const thin = estimates.nowcast === null && estimates.forecast === null;
  const points = [...now, ...ahead];
  const most = Math.max(1, ...reported, ...points.map(({ q95 }) => q95));
  return (
    <Figure
      wide
      name={`trend-${trend.place.code}-${trend.until}`}
      title={findings.fan}
      subject={t('trend.subject.fan')}
      instead={thin ? findings.thin(estimates.noNowcast) : null}
      quality={findings.quality}
      legendText={legendText}
      table={useTable(estimates)}
      legend={
        <Keys note={`${basis} · ${t('trend.bands')}`}>
          <Key className="key-bar">{t('trend.kind-reported')}</Key>
          <Key className="key-now">{t('trend.kind-nowcast')}</Key>
          <Key className="key-ahead">{t('trend.kind-forecast')}</Key>
        </Keys>
      }
    >
      <DayChart
        label={findings.fan}
        days={days}
        most={most}
        axis={t('trend.axis-cases')}
        height={320}
        present={present}
        read={read}
      >
        {(scale) => (
          <>
            <Bars counts={reported} scale={scale} />
            <Fan points={now} first={present + 1 - now.length} scale={scale} kind="now" />
            <Fan points={ahead} first={present + 1} scale={scale} kind="ahead" />
          </>
        )}
      </DayChart>
    </Figure>
  );
}

function recentDays({ days, reported, nowcast, forecast }: Estimates) {
  const first = Math.max(0, days.length - pastDaysMax);
  const ahead = forecast ?? [];
  const past = days.slice(first);
  return {
    days: [...past, ...ahead.map(({ on }) => on)],
    reported: reported.slice(first),
    present: past.length - 1,
    now: (nowcast ?? []).slice(-past.length),
    ahead,
  };
}

function Bars({ counts, scale }: { counts: readonly number[]; scale: Scale }) {
  const gap = Math.min(3, scale.step * 0.2);
  return counts.map((count, index) => (
    <rect
      // A day has its place in the row, and keeps it while counts change.
      key={index}
      className="bar-reported"
      x={scale.x(index) - scale.step / 2 + gap / 2}
      width={Math.max(0.5, scale.step - gap)}
      y={scale.y(count)}
      height={scale.y(0) - scale.y(count)}
    />
  ));
}

interface FanProps {
  readonly points: readonly DayQuantiles[];
  /** Index of the day of the first point. */
  readonly first: number;
  readonly scale: Scale;
  readonly kind: 'now' | 'ahead';
}

function Fan({ points, first, scale, kind }: FanProps) {
  const band = (low: 'q05' | 'q25', high: 'q75' | 'q95'): string =>
    stepBandPath(
      points.map((point, day) => ({ index: first + day, low: point[low], high: point[high] })),
      scale,
    );
  const middle = points.map(({ median }, day) => ({ index: first + day, value: median }));
  return (
    <g className={`fan fan-${kind}`}>
      <path className="fan-outer" d={band('q05', 'q95')} />
      <path className="fan-inner" d={band('q25', 'q75')} />
      <path className="fan-middle" d={linePath(middle, scale)} />
    </g>
  );
}

interface Reading {
  readonly estimates: Estimates;
  readonly days: readonly string[];
  readonly reported: readonly number[];
  readonly present: number;
}

function useReading({ estimates, days, reported, present }: Reading): (index: number) => string {
  const { t } = useSpeech();
  const { day } = useDays();
  const { nowcast, forecast } = estimates;
  return (index) => {
    const on = days[index] ?? '';
    if (index > present) {
      const ahead = forecast?.[index - present - 1];
      if (ahead === undefined) return day(on);
      const { median, q25: midLow, q75: midHigh, q05: low, q95: high } = ahead;
      return t('trend.fan-read-ahead', { day: day(on), median, midLow, midHigh, low, high });
    }
    const count = reported[index] ?? 0;
    const now = nowcast?.find((each) => each.on === on);
    if (now === undefined) return t('trend.fan-read', { day: day(on), count });
    const { median, q05: low, q95: high } = now;
    const share = `${Math.round(now.share * 100)} %`;
    return t('trend.fan-read-now', { day: day(on), count, median, low, high, share });
  };
}

function useTable({ days, reported, nowcast, forecast }: Estimates): Table {
  const { t } = useSpeech();
  const heads = [
    t('trend.column-day'),
    t('trend.kind-reported'),
    ...(['nowcast', 'forecast'] as const).flatMap((kind) =>
      ['5 %', '25 %', '50 %', '75 %', '95 %'].map((level) => `${t(`trend.kind-${kind}`)} ${level}`),
    ),
  ];
  const cells = (row: DayQuantiles | undefined): (number | null)[] =>
    row === undefined
      ? [null, null, null, null, null]
      : [row.q05, row.q25, row.median, row.q75, row.q95];
  const past = days.map((on, index) => [
    on,
    reported[index] ?? 0,
    ...cells(nowcast?.find((each) => each.on === on)),
    ...cells(undefined),
  ]);
  const ahead = (forecast ?? []).map((row) => [row.on, null, ...cells(undefined), ...cells(row)]);
  return { heads, rows: [...past, ...ahead] };
}
