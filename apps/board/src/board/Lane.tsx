import { useEffect, useRef, useState } from 'react';
import { type Link, type LinkFigures, links } from '../api/types.ts';
import { useSpeech } from '../language/translate.ts';
import { Mark } from '../parts/Mark.tsx';
import { href } from '../route.ts';
import { bandWidth, levels } from './lane-shape.ts';

/** The character by which people at work know each link: an emblem, in both languages. */
const emblems: Record<Link, string> = {
  collect: '采',
  deliver: '送',
  test: '检',
  report: '报',
  transfer: '转',
  admit: '收',
};

/** What waits at each link, when the server does not say. */
const unitOf = {
  collect: 'person',
  deliver: 'tube',
  test: 'tube',
  report: 'tube',
  transfer: 'person',
  admit: 'person',
} as const satisfies Record<Link, string>;

const waitingUnits = ['person', 'tube', 'box', 'household'] as const;

interface Props {
  readonly figures: Readonly<Record<Link, LinkFigures>>;
  /** People still open in the round: they wait at the first link, and their list is another. */
  readonly roundOpen: number;
}

/** The six links as one lane: width of a band is its flow, level of a station its backlog. */
export function Lane({ figures, roundOpen }: Props) {
  const { t } = useSpeech();
  const most = Math.max(1, ...links.map((link) => figures[link].passed));
  const limited = links.some((link) => typeof figures[link].limit === 'number');
  return (
    <section className="lane" aria-label={t('lane.title')}>
      <ol className="stations">
        {links.map((link) => (
          <Station
            key={link}
            link={link}
            figures={figures[link]}
            most={most}
            list={
              link === 'collect' && roundOpen > 0 ? href(['missing']) : href(['list', 'link', link])
            }
          />
        ))}
      </ol>
      <p className="legend">{t(limited ? 'lane.legend-limit' : 'lane.legend')}</p>
    </section>
  );
}

interface StationProps {
  readonly link: Link;
  readonly figures: LinkFigures;
  readonly most: number;
  /** Address of the list behind the number. */
  readonly list: string;
}

function Station({ link, figures, most, list }: StationProps) {
  const { t, count, minutes } = useSpeech();
  const unit = waitingUnits.find((each) => each === figures.unit) ?? unitOf[link];
  return (
    <li className="station" data-link={link}>
      <h3>
        <span className="emblem" lang="zh-CN" aria-hidden="true">
          {emblems[link]}
        </span>
        <span>{t(`link.${link}`)}</span>
      </h3>
      <div className="road">
        <Vessel figures={figures} />
        <Band link={link} passed={figures.passed} most={most} />
      </div>
      <p className="figure-line">
        <a className="figure" href={list}>
          {count(figures.waiting)}
        </a>
        <span className="unit">{t(`lane.waiting.${unit}`, { count: figures.waiting })}</span>
      </p>
      <p className="station-note">
        {figures.oldestMinutes === null ? (
          <span className="soft">{t('lane.oldest-none')}</span>
        ) : (
          <a href={list}>{t('lane.oldest', { span: minutes(figures.oldestMinutes) })}</a>
        )}
      </p>
      {figures.waiting === 0 && figures.overdue === 0 ? null : (
        <p className="station-note">
          <Overdue link={link} overdue={figures.overdue} />
        </p>
      )}
    </li>
  );
}

function Overdue({ link, overdue }: { link: Link; overdue: number }) {
  const { t } = useSpeech();
  if (overdue === 0) return <span className="soft">{t('lane.overdue-none')}</span>;
  return (
    <a className="alarm" href={href(['list', 'duties'], { link, state: 'overdue' })}>
      <Mark state="overdue" word={false} />
      {t('lane.overdue', { count: overdue })}
    </a>
  );
}

/** Height of a vessel in its own units; the styles stretch it to the road. */
const vesselHeight = 100;

function Vessel({ figures }: { figures: LinkFigures }) {
  const { waiting, overdue } = levels(figures);
  const top = (level: number) => vesselHeight * (1 - level);
  return (
    <svg
      className="vessel"
      viewBox={`0 0 40 ${vesselHeight}`}
      preserveAspectRatio="none"
      aria-hidden="true"
    >
      <rect className="vessel-back" width="40" height={vesselHeight} />
      <rect
        className="vessel-waiting"
        y={top(waiting)}
        width="40"
        height={vesselHeight * waiting}
      />
      <rect
        className="vessel-overdue"
        y={top(overdue)}
        width="40"
        height={vesselHeight * overdue}
      />
    </svg>
  );
}

/** The box of a band; its height is that of the styles, so that one unit is one pixel. */
const bandBox = { width: 100, height: 64 };
/** Half the height of a line of text: a band narrower than that has its label above it. */
const labelHalf = 10;
const movingMs = 1_600;

function Band({ link, passed, most }: { link: Link; passed: number; most: number }) {
  const { t } = useSpeech();
  const moving = useMoving(passed);
  const half = bandWidth(passed, most, bandBox.height) / 2;
  const middle = bandBox.height / 2;
  const isWide = half >= labelHalf;
  // On a wide band the pulse runs along the lower edge, clear of the label.
  const pulse = isWide ? middle + half - 4 : middle;
  return (
    <a
      className={moving ? 'band band-moving' : 'band'}
      href={href(['list', 'duties'], { link, state: 'done' })}
    >
      <svg
        viewBox={`0 0 ${bandBox.width} ${bandBox.height}`}
        preserveAspectRatio="none"
        aria-hidden="true"
      >
        <rect className="band-shape" y={middle - half} width={bandBox.width} height={2 * half} />
        <line className="band-pulse" x1="0" y1={pulse} x2="100" y2={pulse} pathLength="100" />
      </svg>
      <span
        className={isWide ? 'band-label' : 'band-label band-label-above'}
        style={isWide ? {} : { bottom: `calc(50% + ${half + 1}px)` }}
      >
        {t('lane.passed', { count: passed })}
      </span>
      <svg className="band-onward" viewBox="0 0 8 14" aria-hidden="true">
        <path d="m1.5 1.5 5 5.5-5 5.5" fill="none" stroke="currentColor" strokeWidth="1.6" />
      </svg>
    </a>
  );
}

/** True for a moment after the number has grown: it moves only when something really moved. */
function useMoving(passed: number): boolean {
  const last = useRef(passed);
  const [moving, setMoving] = useState(false);
  useEffect(() => {
    const grown = passed > last.current;
    last.current = passed;
    if (!grown) return;
    setMoving(true);
    const timer = setTimeout(() => setMoving(false), movingMs);
    return () => clearTimeout(timer);
  }, [passed]);
  return moving;
}
