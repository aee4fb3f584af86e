import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { TubeState } from '../../../../../rooms/screening/index.ts';
import { useDevice, useStatus } from '../../app/device.tsx';
import { useLatest } from '../../app/latest.ts';
import { hrefOf } from '../../app/route.ts';
import { type Speech, useSpeech } from '../../language/translate.ts';
import { sayFailure } from '../../parts/failure.ts';
import { Screen } from '../../parts/Screen.tsx';
import { Sign } from '../../parts/Sign.tsx';
import { type Said, Voice } from '../../parts/Voice.tsx';
import { listenToWedge } from '../../scan/wedge.ts';
import { CameraView } from '../sampling/CameraView.tsx';
import type { BoxVoice } from './box-act.ts';
import { earliestSealing, packingMeaning } from './packing.ts';
import { TubeList } from './TubeList.tsx';

interface PackingList {
  /** As they are drawn. */
  readonly tubes: readonly string[];
  /** As they are now: two scans may come before the screen is drawn. */
  readonly current: () => readonly string[];
  /** Keeps them on this phone; false when it cannot, which has been said. */
  readonly put: (next: readonly string[]) => Promise<boolean>;
}

/** A box is put on record when it is sealed; what lies in it before is this phone's own list. */
function usePackingList(box: string, voice: BoxVoice): PackingList {
  const device = useDevice();
  const speech = useSpeech();
  const [list] = useState(() => listOf(device.packing().get(box) ?? []));
  const [tubes, setTubes] = useState(list.now);
  const show = (next: readonly string[]): void => {
    list.set(next);
    setTubes(next);
  };
  const put = async (next: readonly string[]): Promise<boolean> => {
    const before = list.now();
    show(next);
    try {
      await device.pack(box, next);
      return true;
    } catch (error) {
      if (list.now() === next) show(before);
      const head = speech.t('scan.refused');
      voice.say({ tone: 'wrong', head, line: sayFailure(error, speech) });
      return false;
    }
  };
  return { tubes, current: list.now, put };
}

interface List {
  readonly now: () => readonly string[];
  readonly set: (next: readonly string[]) => void;
}

function listOf(first: readonly string[]): List {
  let tubes = first;
  const set = (next: readonly string[]): void => {
    tubes = next;
  };
  return { now: () => tubes, set };
}

interface PackProps {
  readonly box: string;
  readonly voice: BoxVoice;
}

/** Packs a box: tube after tube is scanned into it, and its own label closes it. */
export function Pack({ box, voice }: PackProps): JSX.Element {
  const device = useDevice();
  const { t } = useSpeech();
  const { place } = useStatus();
  const [camera, setCamera] = useState(false);
  const { tubes, current, put } = usePackingList(box, voice);
  const states = (): Promise<TubeState[]> =>
    Promise.all(current().map((tube) => device.state<TubeState>(`tube:${tube}`)));
  const seal = async (): Promise<void> => {
    const packed = [...current()];
    const earliestTubeAt = earliestSealing(await states());
    const body = {
      box,
      tubes: packed,
      ...(place === null ? {} : { place }),
      ...(earliestTubeAt === null ? {} : { earliestTubeAt }),
    };
    const line = t('courier.tubes', { count: packed.length });
    const done: Said = { tone: 'done', head: t('courier.sealed'), line };
    if (await voice.act('custody.seal-box', body, done)) await put([]);
  };
  const scan = async (text: string): Promise<void> => {
    const meaning = packingMeaning(text, { box, tubes: current() });
    if (meaning.kind === 'close') return seal();
    if (meaning.kind === 'wrong') return voice.say(wrongOf(meaning.why, t));
    const { stage } = await device.state<TubeState>(`tube:${meaning.tube}`);
    if (stage === 'open') {
      const head = t('courier.not-sealed-here');
      return voice.say({ tone: 'wrong', head, line: t('courier.not-sealed-here-hint') });
    }
    if (!(await put([...current(), meaning.tube]))) return;
    voice.say({ tone: 'right', head: t('courier.added'), line: meaning.tube });
  };
  const hear = useLatest(scan);
  useEffect(() => listenToWedge(document, (text) => void hear.current(text)), [hear]);
  const ask: Said = { tone: 'ask', head: t('courier.scan-tubes'), line: box };
  const thumb = (
    <PackThumb
      camera={camera}
      isEmpty={tubes.length === 0}
      onCamera={() => setCamera(!camera)}
      onSeal={() => void seal()}
    />
  );
  return (
    <Screen title={box} back={hrefOf('courier')} thumb={thumb}>
      <Voice
        said={voice.said ?? ask}
        turn={voice.turn}
        {...(voice.said === null ? { sign: 'tube' } : {})}
        figure={<b>{tubes.length}</b>}
      />
      {camera ? <CameraView paused={false} onCode={(text) => void scan(text)} /> : null}
      <TubeList
        tubes={[...tubes].reverse()}
        onTakeOut={(tube) => void put(tubes.filter((other) => other !== tube))}
      />
    </Screen>
  );
}

interface ThumbProps {
  readonly camera: boolean;
  readonly isEmpty: boolean;
  readonly onCamera: () => void;
  readonly onSeal: () => void;
}

function PackThumb({ camera, isEmpty, onCamera, onSeal }: ThumbProps): JSX.Element {
  const { t } = useSpeech();
  return (
    <>
      <div class="thumb-row">
        <button type="button" class="button" onClick={onCamera}>
          <Sign name="camera" />
          {camera ? t('state.close') : t('tube.camera')}
        </button>
      </div>
      <button type="button" class="button primary" disabled={isEmpty} onClick={onSeal}>
        <Sign name="tick" />
        {t('courier.seal')}
      </button>
    </>
  );
}

function wrongOf(why: 'twice' | 'not-a-tube' | 'misread', t: Speech['t']): Said {
  if (why === 'misread') {
    return { tone: 'wrong', head: t('scan.misread'), line: t('scan.misread-hint') };
  }
  if (why === 'twice') {
    return { tone: 'wrong', head: t('courier.twice'), line: t('courier.scan-tubes') };
  }
  return { tone: 'wrong', head: t('courier.not-a-tube'), line: t('courier.not-a-tube-hint') };
}
