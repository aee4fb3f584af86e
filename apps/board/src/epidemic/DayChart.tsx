import { type KeyboardEvent, type PointerEvent, type ReactNode, useState } from 'react';
import { useSpeech } from '../language/translate.ts';
import { dayTicks, type Frame, niceTicks, type Scale, scaleOf } from './geometry.ts';
import { useDays } from './use-days.ts';
import { useWidth } from './use-width.ts';

interface Props {
  /** What the chart is, for whoever hears it. */
  readonly label: string;
  readonly days: readonly string[];
  /** The largest value that must fit. */
  readonly most: number;
  readonly whole?: boolean;
  readonly axis: string;
  readonly height?: number;
  /** Index of the last day of the record: a line stands after it. */
  readonly present?: number | null;
  /** What is read off a day, in a sentence. */
  readonly read: (index: number) => string;
  readonly children: (scale: Scale) => ReactNode;
}

/** A chart over days: axes, the line of the present, and a reading line moved by hand or key. */
export function DayChart(props: Props) {
  const { label, days, most, whole = true, axis, height = 260, present = null, read } = props;
  const { t } = useSpeech();
  const [holder, width] = useWidth<HTMLDivElement>(560);
  const [at, setAt] = useState<number | null>(null);
  const ticks = niceTicks(most, 4, whole);
  const top = ticks.at(-1) ?? 1;
  const frame: Frame = { width, height, left: 44, right: 12, top: 22, bottom: 26 };
  const scale = scaleOf(frame, days.length, top);
  const last = days.length - 1;
  const shown = at === null ? null : Math.min(last, at);
  const move = (event: PointerEvent<SVGSVGElement>): void => {
    setAt(scale.indexAt(event.clientX - event.currentTarget.getBoundingClientRect().left));
  };
  const step = (event: KeyboardEvent): void => {
    const from = shown ?? present ?? last;
    const to = { ArrowLeft: from - 1, ArrowRight: from + 1, Home: 0, End: last }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    setAt(Math.min(last, Math.max(0, to)));
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
        aria-valuemax={last}
        aria-valuenow={shown ?? present ?? last}
        aria-valuetext={read(shown ?? present ?? last)}
        onPointerMove={move}
        onPointerDown={move}
        onPointerLeave={() => setAt(null)}
        onKeyDown={step}
        onBlur={() => setAt(null)}
      >
        <Axes days={days} ticks={ticks} axis={axis} scale={scale} />
        {props.children(scale)}
        {present === null || present >= last ? null : <Present after={present} scale={scale} />}
        {shown === null ? null : (
          <line
            data-screen-only
            className="reading"
            x1={scale.x(shown)}
            x2={scale.x(shown)}
            y1={scale.y(top)}
            y2={scale.y(0)}
          />
        )}
      </svg>
      <p className="chart-read">{shown === null ? t('trend.read-hint') : read(shown)}</p>
    </div>
  );
}

interface AxesProps {
  readonly days: readonly string[];
  readonly ticks: readonly number[];
  readonly axis: string;
  readonly scale: Scale;
}

function Axes({ days, ticks, axis, scale }: AxesProps) {
  const { short } = useDays();
  const { width, height, left, right } = scale.frame;
  return (
    <>
      <text className="axis-title" x={2} y={12}>
        {axis}
      </text>
      {ticks.map((tick) => (
        <g key={tick}>
          <line
            className="grid"
            x1={left}
            x2={width - right}
            y1={scale.y(tick)}
            y2={scale.y(tick)}
          />
          <text className="tick" x={left - 6} y={scale.y(tick) + 4} textAnchor="end">
            {tick.toLocaleString('en-GB')}
          </text>
        </g>
      ))}
      {dayTicks(days.length, scale.step).map((index) => (
        <text
          key={index}
          className="tick"
          x={Math.min(scale.x(index), width - 22)}
          y={height - 8}
          textAnchor="middle"
        >
          {short(days[index] ?? '')}
        </text>
      ))}
    </>
  );
}

/** The line of the present: what stands to its right has not happened. */
function Present({ after, scale }: { after: number; scale: Scale }) {
  const { t } = useSpeech();
  const x = scale.x(after + 0.5);
  return (
    <g>
      <line className="present" x1={x} x2={x} y1={16} y2={scale.y(0)} />
      <text className="tick" x={x - 5} y={14} textAnchor="end">
        {t('trend.today')}
      </text>
    </g>
  );
}
