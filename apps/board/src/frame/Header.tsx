import { useEffect, useState } from 'react';
import { Button, Menu, MenuItem, MenuTrigger, Popover } from 'react-aria-components';
import { usePulse } from '../api/live.ts';
import { signOut, useSession } from '../api/session.ts';
import { useOverview } from '../board/overview.tsx';
import { formatDay, formatReading, zoneName } from '../language/format.ts';
import { useSpeech } from '../language/translate.ts';
import { Chevron, Choice } from '../parts/Choice.tsx';
import { Mark, type MarkState } from '../parts/Mark.tsx';
import { go, href, hrefHere, useRoute } from '../route.ts';
import { PlacePicker } from './PlacePicker.tsx';
import { Emblem, LanguageSwitch, ThemeSwitch } from './Switches.tsx';

/** The frame's top: where, which round, how fresh, who. */
export function Header() {
  const { t } = useSpeech();
  return (
    <header className="header">
      <div className="header-row">
        <a className="home" href={href(['board'])}>
          <Emblem />
          <span>{t('app.name')}</span>
        </a>
        <Navigation />
        <span className="spacer" />
        <LanguageSwitch />
        <ThemeSwitch />
        <AccountMenu />
      </div>
      <div className="header-row header-scope">
        <PlacePicker />
        <RoundPicker />
        <span className="spacer" />
        <Freshness />
      </div>
    </header>
  );
}

const screens = ['board', 'trend', 'desks', 'trace'] as const;

function Navigation() {
  const { t } = useSpeech();
  const { path } = useRoute();
  const homes = { board: ['board'], trend: ['trend'], desks: ['desk'], trace: ['trace'] } as const;
  const here = path[0] ?? 'board';
  return (
    <nav className="nav" aria-label={t('nav.label')}>
      {screens.map((screen) => (
        <a
          key={screen}
          href={href(homes[screen])}
          aria-current={homes[screen][0] === here ? 'page' : undefined}
        >
          {t(`nav.${screen}`)}
        </a>
      ))}
    </nav>
  );
}

function RoundPicker() {
  const { t, label, language } = useSpeech();
  const { data } = useOverview();
  if (data === null) return null;
  const { round, rounds } = data;
  const asOf = Date.parse(data.asOf);
  if (round === null && rounds.length === 0) return <span className="soft">{t('round.none')}</span>;
  return (
    <span className="round">
      <Choice
        label={t('round.choose')}
        hideLabel
        value={round?.id ?? null}
        placeholder={t('round.choose')}
        options={rounds.map((each) => ({ id: each.id, text: label(each.label) }))}
        onChange={(id) => go(hrefHere({ round: id }))}
      />
      {round === null || round.startsAt === null ? null : (
        <span className="soft">{formatDay(round.startsAt, asOf, language)}</span>
      )}
    </span>
  );
}

const tickMs = 1_000;
/** After this long without an answer the figures are called old. */
const staleMs = 60_000;

function useTick(): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), tickMs);
    return () => clearInterval(timer);
  }, []);
  return now;
}

function Freshness() {
  const { t, span, language } = useSpeech();
  const { data, fetchedAt, state } = useOverview();
  const { line } = usePulse();
  const now = useTick();
  if (data === null || fetchedAt === null) return null;
  const asOf = Date.parse(data.asOf);
  const ageMs = Math.max(0, now - fetchedAt);
  const broken = state === 'offline' || line === 'lost';
  const stale = broken || (line !== 'live' && ageMs > staleMs);
  const mark: MarkState = stale ? 'unknown' : line === 'live' ? 'done' : 'moving';
  const word = broken ? t('line.lost') : stale ? t('line.stale') : t(`line.${line}`);
  return (
    <p
      className={stale ? 'freshness freshness-stale' : 'freshness'}
      role={stale ? 'alert' : undefined}
    >
      <span title={t('clock.zone', { zone: zoneName(asOf, language) })}>
        {t('clock.as-of', { time: formatReading(asOf, now, language) })}
      </span>
      <span className="soft age">{t('clock.age', { span: span(ageMs / 1000) })}</span>
      <span className={`line line-${mark}`}>
        <Mark state={mark} word={false} />
        {word}
      </span>
      <span className="soft zone">{zoneName(asOf, language)}</span>
    </p>
  );
}

function AccountMenu() {
  const { t } = useSpeech();
  const session = useSession();
  if (session.kind !== 'signed-in') return null;
  const { account } = session.session;
  return (
    <MenuTrigger>
      <Button className="button quiet" aria-label={t('nav.account', { account })}>
        {account} <Chevron />
      </Button>
      <Popover className="popover" placement="bottom end">
        <Menu className="menu" onAction={() => void signOut()}>
          <MenuItem id="sign-out" className="menu-item">
            {t('nav.sign-out')}
          </MenuItem>
        </Menu>
      </Popover>
    </MenuTrigger>
  );
}
