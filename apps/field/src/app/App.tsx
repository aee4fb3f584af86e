import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import { Screen } from '../parts/Screen.tsx';
import { Notice } from '../parts/Notice.tsx';
import { useSpeech } from '../language/translate.ts';
import { BoxScreen } from '../screens/courier/BoxScreen.tsx';
import { CourierScreen } from '../screens/courier/CourierScreen.tsx';
import { BuildingScreen } from '../screens/doors/BuildingScreen.tsx';
import { DoorsScreen } from '../screens/doors/DoorsScreen.tsx';
import { DutiesScreen } from '../screens/duties/DutiesScreen.tsx';
import { ChoosePlace } from '../screens/entry/ChoosePlace.tsx';
import { Home } from '../screens/entry/Home.tsx';
import { SignIn } from '../screens/entry/SignIn.tsx';
import { SamplingScreen } from '../screens/sampling/SamplingScreen.tsx';
import { SyncScreen } from '../screens/sync/SyncScreen.tsx';
import { useDevice, useStatusOf } from './device.tsx';
import { prepareNames } from './names-face.ts';
import { rehearseOnce } from './rehearsal.ts';
import { useRoute } from './route.ts';
import { keepLater, openAgain } from './shell.ts';

const stoppedForGood = ['device.taken-over', 'device.newer-app'];

/** Which screen stands where. */
export function App(): JSX.Element {
  const route = useRoute();
  const device = useDevice();
  const { account, place, asOf, stoppedBy } = useStatusOf('account', 'place', 'asOf', 'stoppedBy');
  const [screen = '', key = ''] = route;
  useEffect(() => {
    if (place === null) return;
    void prepareNames(device.roster).then(keepLater);
  }, [device, place, asOf]);
  useEffect(() => {
    if (place !== null && account !== null) void rehearseOnce(device);
  }, [device, place, account, screen]);
  if (stoppedBy !== null && stoppedForGood.includes(stoppedBy)) return <Stopped by={stoppedBy} />;
  if (screen === 'sign-in' || account === null) {
    // Somebody who signed out still sees what waits.
    return screen === 'sync' ? <SyncScreen /> : <SignIn />;
  }
  if (screen === 'sync') return <SyncScreen />;
  if (screen === 'place' || place === null) return <ChoosePlace />;
  switch (screen) {
    case 'sampling':
      return <SamplingScreen />;
    case 'doors':
      return key === '' ? <DoorsScreen /> : <BuildingScreen key={key} building={key} />;
    case 'courier':
      return key === '' ? <CourierScreen /> : <BoxScreen key={key} box={key} />;
    case 'duties':
      return <DutiesScreen />;
    default:
      return <Home />;
  }
}

function Stopped({ by }: { by: string }): JSX.Element {
  const { t, code } = useSpeech();
  const reload = (
    <button type="button" class="button primary" onClick={() => void openAgain()}>
      {t('state.reload')}
    </button>
  );
  return (
    <Screen title={t('sync.stopped')} back={null} thumb={reload}>
      <Notice mark="unknown" alert>
        {code(by)}
      </Notice>
    </Screen>
  );
}
