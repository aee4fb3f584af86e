import type { HandOverDelay, TimelinessPart } from '../../../../rooms/trend/index.ts';
import { formatShare } from '../language/format.ts';
import { type Key as WordKey, useSpeech } from '../language/translate.ts';
import { Figure } from './Figure.tsx';
import { logShare } from './geometry.ts';
import { Key, Keys } from './Key.tsx';
import type { TrendReply } from './types.ts';
import { useFindings } from './use-findings.ts';
import { useWidth } from './use-width.ts';

const rowHigh = 34;
const minuteTicks = [1, 10, 60, 360, 1_440, 10_080] as const;
const [least, most] = [1, 20_160];

/** How long each hand-over of a case took, on a scale where ten times is always as far. */
export function HandOverChart({ trend }: { trend: TrendReply }) {
  const { t, minutes } = useSpeech();
  const findings = useFindings(trend);
  const link = (id: string): string => t(`trend.link.${id}` as WordKey);
  const done = trend.delays.filter(({ medianMinutes }) => medianMinutes !== null);
  // A desk that nobody uses is no hand-over: a row appears with the first case that gets there.
  const known = trend.delays.filter(({ count, open }) => count > 0 || open > 0);
  const slowest = done.reduce<HandOverDelay | null>(
    (worst, each) => ((each.medianMinutes ?? 0) > (worst?.medianMinutes ?? -1) ? each : worst),
    null,
  );
  const title =
    slowest === null
      ? t('trend.hand-over-none')
      : t('trend.hand-over-title', {
          ...{ from: link(slowest.from), to: link(slowest.to) },
          span: minutes(Math.round(slowest.medianMinutes ?? 0)),
        });
  return (
    <Figure
      name={`hand-overs-${trend.place.code}-${trend.until}`}
      title={title}
      subject={t('trend.subject.hand-overs')}
      quality={findings.quality}
      instead={slowest === null ? t('trend.thin.no-infections') : null}
      legendText={t('trend.hand-over-legend')}
      legend={<span className="key-note">{t('trend.hand-over-legend')}</span>}
      table={{
        heads: [
          ...[t('trend.column-from'), t('trend.column-to')],
          ...[t('trend.column-count'), t('trend.column-open')],
          ...['25 %', '50 %', '75 %', '90 %'].map((l) => `${t('trend.column-minutes')} ${l}`),
        ],
        rows: trend.delays.map((each) => [
          ...[link(each.from), link(each.to), each.count, each.open, each.q25Minutes],
          ...[each.medianMinutes, each.q75Minutes, each.q90Minutes],
        ]),
      }}
    >
      <Spans delays={known} link={link} />
    </Figure>
  );
}

interface SpansProps {
  readonly delays: readonly HandOverDelay[];
  readonly link: (id: string) => string;
}

function Spans({ delays, link }: SpansProps) {
  const { t, minutes } = useSpeech();
  const [holder, width] = useWidth<HTMLDivElement>(560);
  const left = Math.min(178, width * 0.34);
  const right = 66;
  const height = 24 + delays.length * rowHigh;
  const x = (value: number): number =>
    left + (width - left - right) * logShare(Math.max(value, least), least, most);
  return (
    <div ref={holder}>
      <svg
        className="plot"
        viewBox={`0 0 ${width} ${height}`}
        width={width}
        height={height}
        role="img"
        aria-label={t('trend.hand-over-legend')}
      >
        {minuteTicks.map((tick) => (
          <g key={tick}>
            <line className="grid" x1={x(tick)} x2={x(tick)} y1={20} y2={height} />
            <text className="tick" x={x(tick)} y={12} textAnchor="middle">
              {minutes(tick)}
            </text>
          </g>
        ))}
        {delays.map((each, row) => (
          <g key={each.to} transform={`translate(0 ${24 + row * rowHigh})`}>
            <text className="row-name" x={0} y={rowHigh / 2 + 4}>
              {`${link(each.from)} → ${link(each.to)}`}
            </text>
            <Span of={each} x={x} />
            <text className="tick" x={width - right + 8} y={rowHigh / 2}>
              {each.medianMinutes === null ? '–' : minutes(Math.round(each.medianMinutes))}
            </text>
            <text className="tick" x={width - right + 8} y={rowHigh / 2 + 13}>
              {each.open > 0
                ? t('trend.hand-over-open', { count: each.open })
                : t('trend.hand-over-done', { count: each.count })}
            </text>
          </g>
        ))}
      </svg>
    </div>
  );
}

function Span({ of, x }: { of: HandOverDelay; x: (minutes: number) => number }) {
  const { q25Minutes, medianMinutes, q75Minutes, q90Minutes } = of;
  if (medianMinutes === null || q25Minutes === null || q75Minutes === null) return null;
  const y = rowHigh / 2;
  const from = x(q25Minutes);
  return (
    <g>
      <line
        className="span-tail"
        x1={x(q75Minutes)}
        x2={x(q90Minutes ?? q75Minutes)}
        y1={y}
        y2={y}
      />
      <rect
        className="span-half"
        x={from}
        y={y - 6}
        width={Math.max(2, x(q75Minutes) - from)}
        height={12}
        rx={2}
      />
      <line
        className="span-median"
        x1={x(medianMinutes)}
        x2={x(medianMinutes)}
        y1={y - 9}
        y2={y + 9}
      />
    </g>
  );
}

const parts = ['inTime', 'late', 'pending', 'unknown'] as const;
const partWords = {
  inTime: 'trend.timely-in',
  late: 'trend.timely-late',
  pending: 'trend.timely-pending',
  unknown: 'trend.timely-unknown',
} as const;

/** 7-1-7: how many cases were detected, notified and responded to within the limits. */
export function TimelinessChart({ trend }: { trend: TrendReply }) {
  const { t } = useSpeech();
  const findings = useFindings(trend);
  const share = (part: TimelinessPart['part']): string => {
    const of = trend.timeliness.find((each) => each.part === part);
    return of === undefined ? '–' : formatShare(of.inTime, of.inTime + of.late);
  };
  const title = t('trend.timely-title', {
    ...{ detect: share('detect'), notify: share('notify'), respond: share('respond') },
  });
  return (
    <Figure
      name={`timeliness-${trend.place.code}-${trend.until}`}
      title={title}
      subject={t('trend.subject.timeliness')}
      quality={findings.quality}
      instead={trend.quality.infections === 0 ? t('trend.thin.no-infections') : null}
      table={{
        heads: ['7-1-7', ...parts.map((part) => t(partWords[part], { count: '' }).trim())],
        rows: trend.timeliness.map((each) => [
          t(`trend.timely.${each.part}`),
          ...parts.map((part) => each[part]),
        ]),
      }}
      legend={
        <Keys>
          {parts.map((part) => (
            <Key key={part} className={`key-${part}`}>
              {t(partWords[part], { count: '' }).trim()}
            </Key>
          ))}
        </Keys>
      }
    >
      <TimelyBars rows={trend.timeliness} label={title} />
    </Figure>
  );
}

const barHigh = 52;

function TimelyBars({ rows, label }: { rows: readonly TimelinessPart[]; label: string }) {
  const { t, count } = useSpeech();
  const [holder, width] = useWidth<HTMLDivElement>(560);
  const height = rows.length * barHigh;
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
        {rows.map((row, index) => {
          const whole = Math.max(
            1,
            parts.reduce((sum, part) => sum + row[part], 0),
          );
          let from = 0;
          return (
            <g key={row.part} transform={`translate(0 ${index * barHigh})`}>
              <text className="row-name" x={0} y={14}>
                {t(`trend.timely.${row.part}`)}
              </text>
              {parts.map((part) => {
                const x = (from / whole) * width;
                const wide = (row[part] / whole) * width;
                from += row[part];
                return row[part] === 0 ? null : (
                  <g key={part}>
                    <rect className={`timely-${part}`} x={x} y={20} width={wide} height={22} />
                    {wide > 26 ? (
                      <text className={`timely-count timely-count-${part}`} x={x + 6} y={35}>
                        {count(row[part])}
                      </text>
                    ) : null}
                  </g>
                );
              })}
            </g>
          );
        })}
      </svg>
    </div>
  );
}
