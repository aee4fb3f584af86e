import { formatShare } from '../language/format.ts';
import { type Key as WordKey, useSpeech } from '../language/translate.ts';
import { DayChart } from './DayChart.tsx';
import { Figure } from './Figure.tsx';
import { type Scale, stacked } from './geometry.ts';
import { Key, Keys } from './Key.tsx';
import type { Incidence, TrendReply } from './types.ts';
import { useDays } from './use-days.ts';
import { useFindings } from './use-findings.ts';

const shownDays = 42;

/** The kinds of the record in three groups that differ in what they mean for the community. */
const groups = [
  { id: 'community', kinds: ['screening', 'self-presented', 'control', 'precaution'] },
  { id: 'unknown', kinds: ['unknown'] },
  { id: 'apart', kinds: ['isolation', 'lockdown', 'closed-loop', 'imported'] },
] as const;

/** Where people were found, by the day of their result: what the standing of a place rests on. */
export function FoundChart({ trend }: { trend: TrendReply }) {
  const { t, count } = useSpeech();
  const { day } = useDays();
  const findings = useFindings(trend);
  const { incidence } = trend;
  const columns = groups.map(({ kinds }) => sumOf(incidence, kinds).slice(-shownDays));
  const days = incidence.days.slice(-shownDays);
  const lately = columns.map((column) => column.slice(-14).reduce((sum, each) => sum + each, 0));
  const [inCommunity = 0, unknown = 0, apart = 0] = lately;
  const whole = inCommunity + unknown + apart;
  const part = inCommunity + unknown;
  const title =
    whole === 0
      ? t('trend.found-none')
      : t('trend.found-title', { share: formatShare(part, whole), part, whole });
  const word = (id: (typeof groups)[number]['id']): string => t(`trend.found.${id}` as WordKey);
  const read = (index: number): string =>
    t('trend.found-read', {
      day: day(days[index] ?? ''),
      parts: groups
        .map(({ id }, group) => `${word(id)} ${count(columns[group]?.[index] ?? 0)}`)
        .join(' · '),
    });
  const sums = days.map((_, index) =>
    columns.reduce((sum, column) => sum + (column[index] ?? 0), 0),
  );
  return (
    <Figure
      name={`found-${trend.place.code}-${trend.until}`}
      title={title}
      quality={findings.quality}
      instead={trend.quality.infections === 0 ? t('trend.thin.no-infections') : null}
      legendText={groups.map(({ id }) => word(id)).join(', ')}
      legend={
        <Keys>
          {groups.map(({ id }) => (
            <Key key={id} className={`key-found-${id}`}>
              {word(id)}
            </Key>
          ))}
        </Keys>
      }
      table={{
        heads: [t('trend.column-day'), ...groups.map(({ id }) => word(id))],
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
  return stacked(columns).map((spans, group) =>
    spans.map(([from, to], index) =>
      to === from ? null : (
        <rect
          key={`${group}-${index}`}
          className={`found-${groups[group]?.id}`}
          x={scale.x(index) - scale.step * 0.42}
          width={scale.step * 0.84}
          y={scale.y(to)}
          height={scale.y(from) - scale.y(to)}
        />
      ),
    ),
  );
}

function sumOf({ days, found }: Incidence, kinds: readonly string[]): number[] {
  return days.map((_, index) => kinds.reduce((sum, kind) => sum + (found[kind]?.[index] ?? 0), 0));
}
