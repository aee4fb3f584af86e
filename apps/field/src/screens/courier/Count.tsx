import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { BoxState } from '../../../../../rooms/custody/index.ts';
import { useDevice } from '../../app/device.tsx';
import { useLatest } from '../../app/latest.ts';
import { hrefOf } from '../../app/route.ts';
import { useSpeech } from '../../language/translate.ts';
import { Choices } from '../../parts/Choices.tsx';
import { Screen } from '../../parts/Screen.tsx';
import { Sign } from '../../parts/Sign.tsx';
import { type Said, Voice } from '../../parts/Voice.tsx';
import { listenToWedge } from '../../scan/wedge.ts';
import type { BoxVoice } from './box-act.ts';
import { packingMeaning } from './packing.ts';
import { TubeList } from './TubeList.tsx';

interface CountProps {
  readonly state: BoxState;
  readonly voice: BoxVoice;
  readonly onBack: () => void;
}

const wrongKeys = {
  misread: 'scan.misread',
  twice: 'courier.twice',
  'not-a-tube': 'courier.not-a-tube',
} as const;

/** Receipt at a laboratory: every tube is scanned, and what differs from the list shows at once. */
export function Count({ state, voice, onBack }: CountProps): JSX.Element {
  const { t, label } = useSpeech();
  const { roster } = useDevice();
  const [tubes, setTubes] = useState<readonly string[]>([]);
  const laboratories = roster.points.filter(({ kind }) => kind === 'laboratory');
  const [laboratory, setLaboratory] = useState(laboratories[0]?.id ?? '');
  const { box } = state;
  const sealed = state.seal?.tubes ?? [];
  const receive = async (): Promise<void> => {
    const done: Said = { tone: 'done', head: t('courier.received'), line: box };
    const body = { box, laboratory, present: [...tubes] };
    if (await voice.act('custody.receive', body, done)) onBack();
  };
  const scan = (text: string): void => {
    const meaning = packingMeaning(text, { box, tubes });
    if (meaning.kind === 'close') return void receive();
    if (meaning.kind === 'wrong') {
      const key = wrongKeys[meaning.why];
      return voice.say({ tone: 'wrong', head: t(key), line: t('courier.receive-scan') });
    }
    setTubes([...tubes, meaning.tube]);
    const isListed = sealed.includes(meaning.tube);
    // A tube too many is in the box all the same: it is counted, and said.
    const head = isListed ? t('courier.added') : t('courier.extra-tube');
    voice.say({ tone: isListed ? 'right' : 'wrong', head, line: meaning.tube });
  };
  const hear = useLatest(scan);
  useEffect(() => listenToWedge(document, (text) => hear.current(text)), [hear]);
  const ask: Said = { tone: 'ask', head: t('courier.receive'), line: t('courier.receive-scan') };
  const thumb = (
    <button
      type="button"
      class="button primary"
      disabled={laboratory === '' || tubes.length === 0}
      onClick={() => void receive()}
    >
      <Sign name="tick" />
      {t('courier.receive-now')}
    </button>
  );
  const all = sealed.length;
  return (
    <Screen title={box} back={hrefOf('courier')} thumb={thumb}>
      <Voice
        said={voice.said ?? ask}
        turn={voice.turn}
        {...(voice.said === null ? { sign: 'box' } : {})}
        figure={
          <>
            <b>{tubes.length}</b>
            <small>/ {all}</small>
          </>
        }
      />
      <Choices
        label={t('courier.laboratory')}
        name="laboratory"
        choices={laboratories.map((point) => ({ value: point.id, label: label(point.label) }))}
        chosen={laboratory}
        onChoose={setLaboratory}
      />
      <TubeList
        tubes={[...tubes].reverse()}
        onTakeOut={(tube) => setTubes(tubes.filter((other) => other !== tube))}
      />
    </Screen>
  );
}
