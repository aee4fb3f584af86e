import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import { type BoxState, holderOf } from '../../../../../rooms/custody/index.ts';
import { useStatus, useSubject } from '../../app/device.tsx';
import { keep, readKept } from '../../app/kept.ts';
import { hrefOf } from '../../app/route.ts';
import { useSpeech } from '../../language/translate.ts';
import { Screen } from '../../parts/Screen.tsx';
import { Notice } from '../../parts/Notice.tsx';
import { useBoxVoice } from './box-act.ts';
import { Carry } from './Carry.tsx';
import { Differences } from './Differences.tsx';
import { Pack } from './Pack.tsx';

const boxesMax = 40;

/** One box, by where it stands on its way. */
export function BoxScreen({ box }: { box: string }): JSX.Element {
  const { t } = useSpeech();
  const { account } = useStatus();
  const state = useSubject<BoxState>(`box:${box}`);
  // One voice for the whole way: what was done last is still said when the stage has changed.
  const voice = useBoxVoice();
  useEffect(() => {
    const known = readKept<string[]>('boxes', []);
    keep('boxes', [box, ...known.filter((other) => other !== box)].slice(0, boxesMax));
  }, [box]);
  if (state === null) {
    return (
      <Screen title={box} back={hrefOf('courier')}>
        <Notice mark="waiting">{t('state.loading')}</Notice>
      </Screen>
    );
  }
  if (state.stage === 'unknown') return <Pack box={box} voice={voice} />;
  if (state.stage === 'received') return <Differences state={state} voice={voice} />;
  const holder = holderOf(state)?.holder ?? null;
  const isMine = holder === `user:${account ?? ''}`;
  return <Carry state={state} holder={holder} isMine={isMine} voice={voice} />;
}
