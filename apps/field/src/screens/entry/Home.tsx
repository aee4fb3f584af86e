import type { JSX } from 'preact';
import { useDevice, useNow, useStatus } from '../../app/device.tsx';
import { readKept } from '../../app/kept.ts';
import { hrefOf } from '../../app/route.ts';
import { useSpeech } from '../../language/translate.ts';
import { Screen } from '../../parts/Screen.tsx';
import { Mark, type MarkName, Sign, type SignName } from '../../parts/Sign.tsx';
import { Notice } from '../../parts/Notice.tsx';
import { Switches } from '../../parts/Switches.tsx';
import { useRound } from '../doors/round.ts';
import { isMine } from '../duties/order.ts';

interface Work {
  readonly key: 'sampling' | 'doors' | 'courier' | 'duties';
  readonly sign: SignName;
  readonly line: string;
  readonly mark: MarkName;
  /** Its verb, for the large button. */
  readonly action: string;
}

/** The first screen: what is to be done at this place, the work of one's role first. */
export function Home(): JSX.Element {
  const { t } = useSpeech();
  const status = useStatus();
  const { roster } = useDevice();
  const round = useRound(roster);
  const works = orderByRole(useWorks(round), status.roles);
  const [first] = works;
  const thumb =
    first === undefined ? undefined : (
      <a class="button primary" href={hrefOf(first.key)}>
        <Sign name={first.sign} />
        {first.action}
      </a>
    );
  return (
    <Screen title={t('home.title')} hideTitle back={null} thumb={thumb}>
      <Head round={round} />
      {status.stoppedBy === null ? null : (
        <a class="button stopped" href={hrefOf('sign-in')}>
          <Mark name="unknown" />
          {t('sync.sign-in-again')}
        </a>
      )}
      {round === '' ? (
        <Notice mark="unknown">{t('home.no-round')}</Notice>
      ) : (
        <Gauge {...roster.progress(round)} />
      )}
      <ul class="rows works">
        {works.map((work) => (
          <WorkRow key={work.key} work={work} />
        ))}
      </ul>
    </Screen>
  );
}

/** Where and since when; the switches beside it. */
function Head({ round }: { round: string }): JSX.Element {
  const { t, moment, label } = useSpeech();
  const { roster } = useDevice();
  const { place, asOf } = useStatus();
  const now = useNow();
  const known = roster.rounds.find(({ id }) => id === round);
  return (
    <div class="home-head">
      <a class="home-place" href={hrefOf('place')}>
        <b translate={false}>{known === undefined ? (place ?? '') : label(known.label)}</b>
        <small>
          {t('home.change-place')}
          {asOf === null ? '' : ` · ${t('home.as-of', { at: moment(asOf, now) })}`}
        </small>
      </a>
      <Switches />
    </div>
  );
}

/** How far the round has come here: one figure, its denominator beside it, one bar. */
function Gauge({ sampled, roster }: { sampled: number; roster: number }): JSX.Element {
  const { t, count } = useSpeech();
  const percent = roster === 0 ? 0 : Math.floor((1000 * sampled) / roster) / 10;
  return (
    <section class="gauge">
      <p class="gauge-figure">
        <b>{count(sampled)}</b> / {count(roster)} {t('status.sampled')}
      </p>
      <span class="meter meter-large" aria-hidden="true">
        <span class="meter-sampled" style={{ width: `${percent}%` }} />
      </span>
    </section>
  );
}

function WorkRow({ work }: { work: Work }): JSX.Element {
  const { t } = useSpeech();
  const isOverdue = work.mark === 'overdue';
  return (
    <li>
      <a class={`row row-tall work${isOverdue ? ' overdue' : ''}`} href={hrefOf(work.key)}>
        <span class="work-sign">
          <Sign name={work.sign} />
        </span>
        <span class="row-main">
          <b>{t(`work.${work.key}`)}</b>
          <small>
            <Mark name={work.mark} /> {work.line}
          </small>
        </span>
        <Sign name="next" />
      </a>
    </li>
  );
}

/** The four kinds of work, each with how it stands on this phone. */
function useWorks(round: string): readonly Work[] {
  const { t } = useSpeech();
  const sampling = useSamplingWork(round);
  const duties = useDutiesWork();
  const { roster } = useDevice();
  const { open } = roster.progress(round);
  const boxes = readKept<string[]>('boxes', []).length;
  return [
    sampling,
    {
      ...{ key: 'doors', sign: 'door', action: t('home.go-doors') },
      line: t('home.doors-open', { count: open }),
      mark: open === 0 ? 'done' : 'waiting',
    },
    {
      ...{ key: 'courier', sign: 'box', action: t('home.go-courier') },
      line: boxes === 0 ? t('courier.none') : t('home.courier-held', { count: boxes }),
      mark: boxes === 0 ? 'done' : 'moving',
    },
    duties,
  ];
}

function useSamplingWork(round: string): Work {
  const { t, label } = useSpeech();
  const device = useDevice();
  const [openTube] = device.openTubes();
  const station = readKept<{ point: string } | null>('station', null);
  const point = device.roster.points.find(({ id }) => id === station?.point);
  const settled = point === undefined ? t('station.title') : label(point.label);
  const ready = round === '' ? t('home.no-round') : settled;
  return {
    ...{ key: 'sampling', sign: 'tube' },
    action: t(openTube === undefined ? 'home.go-sampling' : 'home.continue-sampling'),
    line: openTube === undefined ? ready : t('home.sampling-open', { tube: openTube }),
    mark: openTube === undefined ? 'waiting' : 'moving',
  };
}

function useDutiesWork(): Work {
  const { t } = useSpeech();
  const { roster } = useDevice();
  const status = useStatus();
  const now = useNow() - (status.clockAheadMs ?? 0);
  const mine = roster.duties.filter((duty) => isMine(duty, status));
  const overdue = mine.filter(({ dueAt }) => dueAt < now).length;
  const open = t('home.duties-open', { count: mine.length });
  const late = overdue === 0 ? '' : ` · ${t('home.duties-overdue', { count: overdue })}`;
  return {
    ...{ key: 'duties', sign: 'list', action: t('work.duties') },
    line: mine.length === 0 ? t('duties.none') : open + late,
    mark: overdue > 0 ? 'overdue' : mine.length > 0 ? 'waiting' : 'done',
  };
}

const firstFor: { readonly [role: string]: Work['key'] } = {
  sampler: 'sampling',
  courier: 'courier',
  laboratory: 'courier',
  community: 'doors',
};

/** The work of one's first role on top; nothing is hidden, people help each other out. */
function orderByRole(
  works: readonly Work[],
  roles: readonly { readonly role: string }[],
): readonly Work[] {
  const own = roles.map(({ role }) => firstFor[role]).find((key) => key !== undefined);
  return [...works].sort((a, b) => Number(b.key === own) - Number(a.key === own));
}
