import type { ClearPolicy, PlaceStanding } from '../../../../rooms/trend/index.ts';
import { type Speech, useSpeech } from '../language/translate.ts';
import { href } from '../route.ts';
import { Figure } from './Figure.tsx';
import { Key, Keys } from './Key.tsx';
import type { TrendReply } from './types.ts';
import { useDays } from './use-days.ts';
import { useFindings } from './use-findings.ts';
import { useWidth } from './use-width.ts';
import { asIs } from '../parts/as-is.ts';

/** So many places all have a row of their own. */
const rowsAll = 20;
const cellHigh = 26;
const headHigh = 30;
const nameWide = 132;
const standingWide = 196;

/** Place by place, day by day: what was found in the community, and how long it still takes. */
export function ClearanceCalendar({ trend }: { trend: TrendReply }) {
  const { t, label } = useSpeech();
  const findings = useFindings(trend);
  const { standings, labels } = trend;
  const [whole, ...parts] = standings;
  const name = (code: string): string => label(labels[code]) || code;
  // Among many places only those that say something have a row; the file has all of them.
  const shown =
    standings.length <= rowsAll
      ? standings
      : standings.filter((each, i) => i === 0 || isNews(each));
  const hidden = standings.length - shown.length;
  const of = (stage: string): number => parts.filter((each) => each.stage === stage).length;
  const title =
    parts.length > 0
      ? t('trend.clear-title', {
          count: parts.length,
          clear: of('clear'),
          basic: of('basically-clear'),
        })
      : t('trend.clear-one', {
          place: name(trend.place.code),
          stage: t(`trend.stage.${whole?.stage ?? 'unknown'}`),
        });
  const ruleText = ruleSentence(trend.policy.clear, t);
  return (
    <Figure
      wide
      name={`clearance-${trend.place.code}-${trend.until}`}
      title={title}
      subject={t('trend.subject.clearance')}
      quality={findings.quality}
      legendText={ruleText}
      legend={
        <Keys>
          <Key className="key-clean">{t('trend.clear-legend-none')}</Key>
          <Key className="key-found">{t('trend.clear-legend-some')}</Key>
          <Key className="key-norecord">{t('trend.clear-legend-unknown')}</Key>
          <span className="key-note">{t('trend.clear-legend-isolation')}</span>
        </Keys>
      }
      table={{
        heads: [
          t('trend.head-place'),
          t('trend.column-day'),
          t('trend.found.community'),
          t('trend.column-all'),
          t('trend.head-standing'),
        ],
        rows: standings.flatMap(({ place, days }) =>
          days.map((each) => [
            ...[name(place), each.on, each.community, each.all],
            t(`trend.stage.${each.stage}`),
          ]),
        ),
      }}
    >
      <Calendar standings={shown} name={name} />
      {hidden === 0 ? null : (
        <p className="chart-note">{t('trend.clear-rest', { count: hidden })}</p>
      )}
      <Outlook standings={shown} name={name} />
      <p className="chart-note">{ruleText}</p>
    </Figure>
  );
}

/** The rule that the standings go by, in words. */
function ruleSentence(rule: ClearPolicy, t: Speech['t']): string {
  const said = t('trend.clear-rule', {
    days: t('trend.days', { count: rule.days }),
    basicDays: t('trend.days', { count: rule.basicDays }),
    rate: String(rule.basicPer100k),
  });
  return said + (rule.community.includes('unknown') ? t('trend.clear-rule-unknown') : '');
}

/** Somebody was found within the days shown, in the community or not. */
function isNews({ days }: PlaceStanding): boolean {
  return days.some(({ all }) => (all ?? 0) > 0);
}

interface Props {
  readonly standings: readonly PlaceStanding[];
  readonly name: (code: string) => string;
}

function Calendar({ standings, name }: Props) {
  const { t } = useSpeech();
  const { short } = useDays();
  const [holder, width] = useWidth<HTMLDivElement>(1000);
  const days = standings[0]?.days ?? [];
  // On a narrow screen only the last days are drawn, each still large enough to read.
  const fits = Math.floor((width - nameWide - standingWide) / 24);
  const shown = Math.min(days.length, Math.max(7, fits));
  const first = days.length - shown;
  const step = Math.max(14, (width - nameWide - standingWide) / Math.max(1, shown));
  const high = headHigh + standings.length * cellHigh;
  return (
    <div ref={holder} className="calendar">
      <svg
        className="plot"
        viewBox={`0 0 ${width} ${high}`}
        width={width}
        height={high}
        role="img"
        aria-label={t('trend.head-standing')}
      >
        {days.slice(first).map(({ on }, index) =>
          (shown - 1 - index) % (step >= 46 ? 1 : step >= 24 ? 2 : 4) === 0 ? (
            <text
              key={on}
              className="tick"
              x={nameWide + (index + 0.5) * step}
              y={headHigh - 10}
              textAnchor="middle"
            >
              {short(on)}
            </text>
          ) : null,
        )}
        {standings.map((standing, row) => (
          <g key={standing.place} transform={`translate(0 ${headHigh + row * cellHigh})`}>
            <text
              className={row === 0 ? 'row-name row-whole' : 'row-name'}
              {...asIs}
              x={0}
              y={cellHigh / 2 + 4}
            >
              {shortened(name(standing.place))}
            </text>
            {standing.days.slice(first).map((each, index) => (
              <DayCell
                key={each.on}
                day={each}
                place={name(standing.place)}
                x={nameWide + index * step}
                step={step}
              />
            ))}
            <StandingText standing={standing} x={nameWide + shown * step + 12} />
          </g>
        ))}
      </svg>
    </div>
  );
}

/** What fits beside the days; the whole name stands in the list below. */
function shortened(name: string): string {
  const most = /[\u3400-\u9fff]/.test(name) ? 9 : 18;
  return name.length > most ? `${name.slice(0, most - 1).trimEnd()}…` : name;
}

interface CellProps {
  readonly day: PlaceStanding['days'][number];
  readonly place: string;
  readonly x: number;
  readonly step: number;
}

function DayCell({ day: each, place, x, step }: CellProps) {
  const { t, count } = useSpeech();
  const { day } = useDays();
  const { community, all, stage } = each;
  const kind = community === null ? 'norecord' : community > 0 ? 'found' : 'clean';
  const said =
    community === null
      ? t('trend.clear-cell-none', { place, day: day(each.on) })
      : t('trend.clear-cell', {
          ...{ place, day: day(each.on), count: community, all: all ?? 0 },
          stage: t(`trend.stage.${stage}`),
        });
  const isClear = stage === 'clear' || stage === 'basically-clear';
  return (
    <g>
      <title>{said}</title>
      <rect
        className={`cell cell-${kind}${isClear ? ` cell-${stage}` : ''}`}
        x={x + 1}
        y={1}
        width={step - 2}
        height={cellHigh - 3}
        rx={2}
      />
      {community !== null && community > 0 ? (
        <text className="cell-count" x={x + step / 2} y={cellHigh / 2 + 4} textAnchor="middle">
          {count(community)}
        </text>
      ) : community !== null && (all ?? 0) > 0 ? (
        <circle className="cell-dot" cx={x + step / 2} cy={cellHigh / 2 - 0.5} r={2.2} />
      ) : null}
    </g>
  );
}

function StandingText({ standing, x }: { standing: PlaceStanding; x: number }) {
  const { t } = useSpeech();
  const isDone = standing.stage === 'clear';
  return (
    <>
      <path
        className={`standing standing-${standing.stage}`}
        d={`M${x},${cellHigh / 2 - 6}h11v11h-11z`}
      />
      {isDone ? (
        <path className="standing-tick" d={`M${x + 2.5},${cellHigh / 2}l2.5,2.5l4,-5`} />
      ) : null}
      <text className="row-name" x={x + 18} y={cellHigh / 2 + 4}>
        {isDone
          ? t('trend.stage.clear')
          : standing.daysToClear > 0 && standing.stage !== 'unknown'
            ? toGo(standing, t)
            : t(`trend.stage.${standing.stage}`)}
      </text>
    </>
  );
}

function toGo({ stage, daysToClear }: PlaceStanding, t: Speech['t']): string {
  return `${t(`trend.stage.${stage}`)}${t('trend.to-go-short', { count: daysToClear })}`;
}

/** Each place in words: where it stands, how long it takes, and what would begin it anew. */
function Outlook({ standings, name }: Props) {
  const { t } = useSpeech();
  const { day } = useDays();
  return (
    <details className="outlook">
      <summary>{t('trend.head-togo')}</summary>
      <ul>
        {standings.map((standing) => {
          const { place, stage, since, daysToClear, basicResetAt } = standing;
          const parts = [
            t(`trend.stage.${stage}`),
            since === null ? '' : t('trend.clear-since', { day: day(since) }),
            daysToClear > 0 ? t('trend.clear-days', { count: daysToClear }) : '',
            t('trend.clear-reset') +
              (basicResetAt === null || basicResetAt <= 1
                ? ''
                : t('trend.clear-reset-basic', { count: basicResetAt })),
          ];
          return (
            <li key={place}>
              <a className="plain" {...asIs} href={href(['trend'], { place })}>
                {name(place)}
              </a>
              <span>{parts.filter((part) => part !== '').join(' · ')}</span>
            </li>
          );
        })}
      </ul>
    </details>
  );
}
