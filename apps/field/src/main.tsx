import './styles/index.css';
import { type JSX, render } from 'preact';
import { browserWorld } from '../../../adapters/device/world.ts';
import { openDevice } from '../../../adapters/device/open.ts';
import { App } from './app/App.tsx';
import { drawTogether } from './app/draw-together.ts';
import { DeviceContext } from './app/device.tsx';
import { preferences } from './app/preferences.ts';
import { keepShell, openAgain } from './app/shell.ts';
import { speechIn } from './language/translate.ts';
import { sayFailure } from './parts/failure.ts';
import { wakeAtFirstTouch } from './parts/feedback.ts';
import { Fault } from '../../../adapters/fault.ts';

declare const APP_VERSION: string;

const root = document.getElementById('root');

/** Opens the device and shows the app, or says why it cannot. */
async function start(takeOver: boolean): Promise<void> {
  if (root === null) return;
  try {
    const device = await openDevice({ ...browserWorld({ version: APP_VERSION }), takeOver });
    addEventListener('pagehide', () => void device.close(), { once: true });
    // A page brought back from the browser's memory has a closed device.
    addEventListener('pageshow', ({ persisted }) => persisted && location.reload());
    render(
      <DeviceContext.Provider value={device}>
        <App />
      </DeviceContext.Provider>,
      root,
    );
  } catch (error) {
    render(<CannotOpen error={error} />, root);
  }
}

function CannotOpen({ error }: { error: unknown }): JSX.Element {
  const speech = speechIn(preferences().language);
  const { t } = speech;
  const isElsewhere = error instanceof Fault && error.code === 'device.open-elsewhere';
  return (
    <div class="screen">
      <main class="main">
        <h1 class="title">Sextant</h1>
        <p role="alert">{sayFailure(error, speech)}</p>
      </main>
      <footer class="thumb">
        <button
          type="button"
          class="button primary"
          onClick={() => (isElsewhere ? void start(true) : void openAgain())}
        >
          {isElsewhere ? t('state.take-over') : t('state.reload')}
        </button>
      </footer>
    </div>
  );
}

drawTogether();
void start(false);
wakeAtFirstTouch();
keepShell();
