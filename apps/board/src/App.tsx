import { lazy, Suspense, useEffect, useRef } from 'react';
import { I18nProvider } from 'react-aria-components';
import { findSession, useSession } from './api/session.ts';
import { Board } from './board/Board.tsx';
import { OverviewProvider } from './board/overview.tsx';
import { CatalogueProvider } from './catalogue.tsx';
import { findDesk } from './desks/definitions.ts';
import { Cautions } from './frame/Cautions.tsx';
import { Header } from './frame/Header.tsx';
import { SignIn } from './frame/SignIn.tsx';
import { useSpeech } from './language/translate.ts';
import { Caught } from './parts/Caught.tsx';
import { Notice, Offline } from './parts/Notice.tsx';
import { useRoute } from './route.ts';

// The board opens first and alone; the other screens follow when nothing else is to be done.
const screens = {
  list: () => import('./lists/ListScreen.tsx'),
  missing: () => import('./lists/MissingScreen.tsx'),
  trend: () => import('./epidemic/EpidemicScreen.tsx'),
  trace: () => import('./trace/TraceScreen.tsx'),
  subject: () => import('./trace/SubjectScreen.tsx'),
  desk: () => import('./desks/DeskScreen.tsx'),
};
const ListScreen = lazy(screens.list);
const MissingScreen = lazy(screens.missing);
const EpidemicScreen = lazy(screens.trend);
const TraceScreen = lazy(screens.trace);
const SubjectScreen = lazy(screens.subject);
const DeskScreen = lazy(screens.desk);

const laterMs = 1_500;

/** Fetches the other screens ahead of need: a line that breaks later does not take them away. */
function useAllScreens(): void {
  useEffect(() => {
    const timer = setTimeout(() => {
      for (const load of Object.values(screens)) load().catch(() => undefined);
    }, laterMs);
    return () => clearTimeout(timer);
  }, []);
}

/** The whole web app: who is signed in decides what stands below the header. */
export function App() {
  const { language } = useSpeech();
  const session = useSession();
  useEffect(() => {
    void findSession();
  }, []);
  return (
    <I18nProvider locale={language === 'zh' ? 'zh-CN' : 'en-GB'}>
      {session.kind === 'signed-in' ? (
        <CatalogueProvider>
          <OverviewProvider>
            <SignedIn />
          </OverviewProvider>
        </CatalogueProvider>
      ) : session.kind === 'offline' ? (
        <main className="alone">
          <Offline onRetry={() => void findSession()} />
        </main>
      ) : session.kind === 'signed-out' ? (
        <SignIn />
      ) : null}
      <Cautions />
    </I18nProvider>
  );
}

function SignedIn() {
  const { t } = useSpeech();
  const { path } = useRoute();
  useAllScreens();
  useArrival(path);
  return (
    <>
      <a className="skip" href="#main" onClick={focusMain}>
        {t('app.skip')}
      </a>
      <Header />
      <Caught key={path.join('/')}>
        <Suspense fallback={<p className="loading">{t('state.loading')}</p>}>
          <Screen path={path} />
        </Suspense>
      </Caught>
    </>
  );
}

const titles = {
  board: 'nav.board',
  list: 'nav.board',
  missing: 'nav.board',
  trend: 'nav.trend',
  trace: 'nav.trace',
  subject: 'nav.trace',
  desk: 'nav.desks',
} as const;

/** On another screen: its title, its top, and the focus there unless a field has taken it. */
function useArrival(path: readonly string[]): void {
  const { t } = useSpeech();
  const [screen = 'board', first] = path;
  const key = titles[screen as keyof typeof titles] ?? 'nav.board';
  const desk = findDesk(first ?? null);
  const title = screen === 'desk' && desk !== null ? t(`desk.${desk.id}`) : t(key);
  useEffect(() => {
    document.title = `${title} · ${t('app.name')}`;
  }, [title, t]);
  const address = path.join('/');
  const seen = useRef('');
  useEffect(() => {
    if (seen.current === address) return;
    seen.current = address;
    window.scrollTo(0, 0);
    const { activeElement } = document;
    const isLost = activeElement === null || activeElement === document.body;
    if (isLost) document.getElementById('main')?.focus({ preventScroll: true });
  }, [address]);
}

function focusMain(event: { preventDefault: () => void }): void {
  // The address after # belongs to the route, so the focus is moved by hand.
  event.preventDefault();
  document.getElementById('main')?.focus();
}

function Screen({ path }: { path: readonly string[] }) {
  const { t } = useSpeech();
  const [screen, first, second] = path;
  switch (screen) {
    case undefined:
    case 'board':
      return <Board />;
    case 'list':
      return <ListScreen list={first ?? ''} of={second ?? null} />;
    case 'missing':
      return <MissingScreen />;
    case 'trend':
      return <EpidemicScreen />;
    case 'trace':
      return <TraceScreen kind={first ?? null} id={second ?? null} />;
    case 'subject':
      return <SubjectScreen subject={first ?? ''} />;
    case 'desk':
      return <DeskScreen desk={first ?? null} subject={second ?? null} />;
    default:
      return (
        <main id="main" className="alone" tabIndex={-1}>
          <Notice state="unknown">{t('state.not-found')}</Notice>
        </main>
      );
  }
}
