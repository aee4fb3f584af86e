import type { RoundPositivity } from '../../../../rooms/trend/index.ts';
import { useSpeech } from '../language/translate.ts';
import { useOverview } from '../board/overview.tsx';
import { Figure } from './Figure.tsx';
import { niceTicks } from './geometry.ts';
import type { TrendReply } from './types.ts';
import { useFindings } from './use-findings.ts';
import { useWidth } from './use-width.ts';
import { asIs } from '../parts/as-is.ts';

const roundsShown = 14;
const rowHigh = 30;
const left = 150;
const right = 20;

/** What each round found among the people it sampled, with the interval. */
export function PositivityChart({ trend }: { trend: TrendReply }) {
  const { t, label } = useSpeech();
  const findings = useFindings(trend);
  const { data } = useOverview();
  const rows = trend.positivity.slice(-roundsShown);
  const last = rows.at(-1);
  const names = new Map((data?.rounds ?? []).map((round) => [round.id, label(round.label)]));
  const name = (round: string): string => names.get(round) ?? round;
  const title =
    last === undefined || last.per100k === null
      ? t('trend.positivity-none')
      : t('trend.positivity-title', {
          rate: rateText(last.per100k),
          low: rateText(last.per100kLow ?? 0),
          high: rateText(last.per100kHigh ?? 0),
        });
  return (
    <Figure
      wide
      name={`positivity-${trend.until}`}
      title={title}
      subject={t('trend.subject.positivity')}
      quality={`${findings.quality} · ${t('trend.positivity-about')}`}
      instead={last === undefined ? t('trend.positivity-none') : null}
      table={{
        heads: ['id', '#', 'n', '+', '±', '?', t('trend.positivity-axis'), '2.5 %', '97.5 %'],
        rows: trend.positivity.map((each) => [
          ...[each.round, each.tubes, each.persons, each.positive, each.grey, each.invalid],
          ...[each.per100k, each.per100kLow, each.per100kHigh],
        ]),
      }}
    >
      <Dots rows={rows} name={name} label={title} />
    </Figure>
  );
}

function rateText(rate: number): string {
  return rate >= 100 ? Math.round(rate).toLocaleString('en-GB') : rate.toPrecision(2);
}

interface DotsProps {
  readonly rows: readonly RoundPositivity[];
  readonly name: (round: string) => string;
  readonly label: string;
}

function Dots({ rows, name, label }: DotsProps) {
  const { t } = useSpeech();
  const [holder, width] = useWidth<HTMLDivElement>(560);
  const ticks = niceTicks(Math.max(1, ...rows.map(({ per100kHigh }) => per100kHigh ?? 0)), 4);
  const most = ticks.at(-1) ?? 1;
  const height = 26 + rows.length * rowHigh;
  const x = (rate: number): number => left + ((width - left - right) * rate) / most;
  return (
    <div ref={holder}>
      <svg
        className="plot"
        viewBox={`0 0 ${width} ${height}`}
        width={width}
        height={height}
        role="img"
        aria-label={label}
      >
        <text className="axis-title" x={0} y={12}>
          {t('trend.positivity-axis')}
        </text>
        {ticks.map((tick) => (
          <g key={tick}>
            <line className="grid" x1={x(tick)} x2={x(tick)} y1={20} y2={height} />
            <text className="tick" x={x(tick)} y={12} textAnchor="middle">
              {tick.toLocaleString('en-GB')}
            </text>
          </g>
        ))}
        {rows.map((row, index) => (
          <g key={row.round} transform={`translate(0 ${26 + index * rowHigh})`}>
            <title>{readingOf(row, t)}</title>
            <text className="row-name" {...asIs} x={0} y={rowHigh / 2 + 4}>
              {shortened(name(row.round))}
            </text>
            {row.per100k === null ? null : (
              <>
                <line
                  className="span-tail"
                  x1={x(row.per100kLow ?? row.per100k)}
                  x2={x(row.per100kHigh ?? row.per100k)}
                  y1={rowHigh / 2}
                  y2={rowHigh / 2}
                />
                <circle className="dot" cx={x(row.per100k)} cy={rowHigh / 2} r={5} />
              </>
            )}
          </g>
        ))}
      </svg>
      <p className="chart-read">{rows.at(-1) === undefined ? '' : readingOf(rows.at(-1), t)}</p>
    </div>
  );
}

function readingOf(row: RoundPositivity | undefined, t: ReturnType<typeof useSpeech>['t']): string {
  if (row === undefined) return '';
  const { positive, grey, invalid } = row;
  const tubes = t('trend.tubes', { count: row.tubes });
  const persons = t('trend.people', { count: row.persons });
  return t('trend.positivity-read', { tubes, persons, positive, grey, invalid });
}

function shortened(name: string): string {
  const most = /[\u3400-\u9fff]/.test(name) ? 11 : 22;
  return name.length > most ? `${name.slice(0, most - 1).trimEnd()}…` : name;
}
