import type { ReproductionDay } from '../../../../rooms/trend/index.ts';
import { useSpeech } from '../language/translate.ts';
import { DayChart } from './DayChart.tsx';
import { Figure } from './Figure.tsx';
import { bandPath, linePath, type Scale } from './geometry.ts';
import { Key, Keys } from './Key.tsx';
import type { TrendReply } from './types.ts';
import { useDays } from './use-days.ts';
import { twoPlaces, useFindings } from './use-findings.ts';

const shownDays = 42;
/** The first windows after nothing reach far up: the axis ends here and the band goes beyond. */
const axisMost = 4;

/** The reproduction number with its band, and the line of 1 that decides. */
export function ReproductionChart({ trend }: { trend: TrendReply }) {
  const { t } = useSpeech();
  const { day } = useDays();
  const findings = useFindings(trend);
  const { reproduction, noReproduction } = trend.estimates;
  const rows = (reproduction ?? []).slice(-shownDays);
  const { serialInterval, windowDays } = trend.policy;
  const source = t('trend.r-source', {
    mean: String(serialInterval.meanDays),
    sd: String(serialInterval.sdDays),
    count: windowDays,
  });
  const most = Math.min(axisMost, Math.max(1.5, ...rows.map(({ q975 }) => q975)));
  const read = (index: number): string => {
    const row = rows[index];
    if (row === undefined) return '';
    const said = { r: twoPlaces(row.median), low: twoPlaces(row.q025), high: twoPlaces(row.q975) };
    return t('trend.r-read', { from: day(row.from), day: day(row.on), ...said });
  };
  return (
    <Figure
      name={`reproduction-${trend.place.code}-${trend.until}`}
      title={findings.reproduction}
      subject={t('trend.subject.reproduction')}
      instead={reproduction === null ? findings.thin(noReproduction) : null}
      quality={`${findings.quality} · ${source}`}
      legendText={`${t('trend.r-provisional')}; ${t('trend.bands')}`}
      legend={
        <Keys note={`${t('trend.r-one')} · ${t('trend.bands')} · ${t('trend.r-provisional')}`}>
          <Key className="key-now">{t('trend.axis-r')}</Key>
        </Keys>
      }
      table={{
        heads: [
          t('trend.column-day'),
          'R',
          '2.5 %',
          '5 %',
          '25 %',
          '50 %',
          '75 %',
          '95 %',
          '97.5 %',
        ],
        rows: (reproduction ?? []).map((row) => [
          ...[row.on, row.mean, row.q025, row.q05, row.q25],
          ...[row.median, row.q75, row.q95, row.q975],
        ]),
      }}
    >
      <DayChart
        label={findings.reproduction}
        days={rows.map(({ on }) => on)}
        most={most}
        whole={false}
        axis={t('trend.axis-r')}
        read={read}
      >
        {(scale) => <Band rows={rows} scale={scale} />}
      </DayChart>
    </Figure>
  );
}

function Band({ rows, scale }: { rows: readonly ReproductionDay[]; scale: Scale }) {
  const band = (low: 'q05' | 'q25', high: 'q75' | 'q95'): string =>
    bandPath(
      rows.map((row, index) => ({ index, low: row[low], high: row[high] })),
      scale,
    );
  const settled = rows.findLastIndex(({ provisional }) => !provisional);
  const line = rows.map(({ median }, index) => ({ index, value: median }));
  const { frame } = scale;
  return (
    <g className="fan fan-now">
      <path className="fan-outer" d={band('q05', 'q95')} />
      <path className="fan-inner" d={band('q25', 'q75')} />
      <line
        className="threshold"
        x1={frame.left}
        x2={frame.width - frame.right}
        y1={scale.y(1)}
        y2={scale.y(1)}
      />
      <path className="fan-middle" d={linePath(line.slice(0, settled + 1), scale)} />
      <path
        className="fan-middle provisional"
        d={linePath(line.slice(Math.max(0, settled)), scale)}
      />
    </g>
  );
}
