import type { IncidenceFigures } from '../../../../rooms/trend/index.ts';
import { formatShare } from '../language/format.ts';
import { useSpeech } from '../language/translate.ts';
import { DayChart } from './DayChart.tsx';
import { Figure } from './Figure.tsx';
import { type Scale, stacked } from './geometry.ts';
import { Key, Keys } from './Key.tsx';
import type { TrendReply } from './types.ts';
import { useDays } from './use-days.ts';
import { useFindings } from './use-findings.ts';

const shownDays = 42;

/** Groups that differ in what they mean for the community, by the rule of the deployment. */
const groups = ['community', 'unknown', 'apart'] as const;
type Group = (typeof groups)[number];

function groupOf(kind: string, community: readonly string[]): Group {
  if (kind === 'unknown') return 'unknown';
  return community.includes(kind) ? 'community' : 'apart';
}

/** Where people were found, by the day of their result: what the standing of a place rests on. */
export function FoundChart({ trend }: { trend: TrendReply }) {
  const { t, count } = useSpeech();
  const { day } = useDays();
  const findings = useFindings(trend);
  const { incidence } = trend;
  const community: readonly string[] = trend.policy.clear.community;
  const isCounted = community.includes('unknown');
  const columns = groups.map((group) => {
    const kinds = Object.keys(incidence.found).filter((k) => groupOf(k, community) === group);
    return sumOf(incidence, kinds).slice(-shownDays);
  });
  const days = incidence.days.slice(-shownDays);
  const lately = columns.map((column) => column.slice(-14).reduce((sum, each) => sum + each, 0));
  const [inCommunity = 0, unknown = 0, apart = 0] = lately;
  const whole = inCommunity + unknown + apart;
  const part = inCommunity + (isCounted ? unknown : 0);
  const title =
    whole === 0
      ? t('trend.found-none')
      : t('trend.found-title', { share: formatShare(part, whole), part, whole });
  const word = (group: Group): string =>
    t(group === 'unknown' && isCounted ? 'trend.found.unknown-counted' : `trend.found.${group}`);
  const read = (index: number): string =>
    t('trend.found-read', {
      day: day(days[index] ?? ''),
      parts: groups
        .map((group, at) => `${word(group)} ${count(columns[at]?.[index] ?? 0)}`)
        .join(' · '),
    });
  const sums = days.map((_, index) =>
    columns.reduce((sum, column) => sum + (column[index] ?? 0), 0),
  );
  return (
    <Figure
      name={`found-${trend.place.code}-${trend.until}`}
      title={title}
      subject={t('trend.subject.found')}
      quality={findings.quality}
      instead={trend.quality.infections === 0 ? t('trend.thin.no-infections') : null}
      legendText={groups.map(word).join(', ')}
      legend={
        <Keys>
          {groups.map((group) => (
            <Key key={group} className={`key-found-${group}`}>
              {word(group)}
            </Key>
          ))}
        </Keys>
      }
      table={{
        heads: [t('trend.column-day'), ...groups.map(word)],
        rows: days.map((on, index) => [on, ...columns.map((column) => column[index] ?? 0)]),
      }}
    >
      <DayChart
        label={title}
        days={days}
        most={Math.max(1, ...sums)}
        axis={t('trend.axis-cases')}
        read={read}
      >
        {(scale) => <Stacks columns={columns} scale={scale} />}
      </DayChart>
    </Figure>
  );
}

interface StacksProps {
  /** Counts by day, a column for each group. */
  readonly columns: readonly (readonly number[])[];
  readonly scale: Scale;
}

function Stacks({ columns, scale }: StacksProps) {
  // A record of a few days is no reason for bars as wide as a hand.
  const wide = Math.min(48, scale.step * 0.84);
  return stacked(columns).map((spans, group) =>
    spans.map(([from, to], index) =>
      to === from ? null : (
        <rect
          key={`${group}-${index}`}
          className={`found-${groups[group]}`}
          x={scale.x(index) - wide / 2}
          width={wide}
          y={scale.y(to)}
          height={scale.y(from) - scale.y(to)}
        />
      ),
    ),
  );
}

function sumOf({ days, found }: IncidenceFigures, kinds: readonly string[]): number[] {
  return days.map((_, index) => kinds.reduce((sum, kind) => sum + (found[kind]?.[index] ?? 0), 0));
}
