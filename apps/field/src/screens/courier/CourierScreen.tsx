import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { type BoxState, holderOf } from '../../../../../rooms/custody/index.ts';
import { useDevice, useStatus, useSubject } from '../../app/device.tsx';
import { readKept } from '../../app/kept.ts';
import { useLatest } from '../../app/latest.ts';
import { go, hrefOf } from '../../app/route.ts';
import { useSpeech } from '../../language/translate.ts';
import { Field } from '../../parts/Field.tsx';
import { Notice } from '../../parts/Notice.tsx';
import { Screen } from '../../parts/Screen.tsx';
import { Sheet } from '../../parts/Sheet.tsx';
import { Mark, type MarkName, Sign } from '../../parts/Sign.tsx';
import { type Said, Voice } from '../../parts/Voice.tsx';
import { told } from '../../parts/feedback.ts';
import { listenToWedge } from '../../scan/wedge.ts';
import { CameraView } from '../sampling/CameraView.tsx';
import { boxLabelOf } from './packing.ts';

/** Boxes that are packed here, that this phone has had in hand, and that its duties name. */
function useBoxes(): readonly string[] {
  const device = useDevice();
  const { roster } = device;
  const owed = roster.duties
    .filter(({ kind }) => kind.startsWith('custody.'))
    .map(({ subject }) => subject.slice(subject.indexOf(':') + 1));
  return [...new Set([...device.packing().keys(), ...readKept<string[]>('boxes', []), ...owed])];
}

/** Boxes: scan one to pack it, take it over or hand it on. */
export function CourierScreen(): JSX.Element {
  const { t } = useSpeech();
  useStatus();
  const boxes = useBoxes();
  const [camera, setCamera] = useState(false);
  const [typing, setTyping] = useState(false);
  const [wrong, setWrong] = useState<{ said: Said; turn: number } | null>(null);
  const open = (text: string): void => {
    const box = boxLabelOf(text);
    if (box !== null) {
      go(hrefOf('courier', box));
      return;
    }
    told('wrong');
    const said: Said = { tone: 'wrong', head: t('scan.misread'), line: t('courier.scan-hint') };
    setWrong((before) => ({ said, turn: (before?.turn ?? 0) + 1 }));
  };
  const hear = useLatest(open);
  useEffect(() => {
    if (typing) return undefined;
    return listenToWedge(document, (text) => hear.current(text));
  }, [typing, hear]);
  const ask: Said = { tone: 'ask', head: t('courier.scan'), line: t('courier.scan-hint') };
  const thumb = (
    <>
      <div class="thumb-row">
        <button type="button" class="button" onClick={() => setTyping(true)}>
          <Sign name="find" />
          {t('courier.type-label')}
        </button>
      </div>
      <button type="button" class="button primary" onClick={() => setCamera(!camera)}>
        <Sign name="camera" />
        {camera ? t('state.close') : t('tube.camera')}
      </button>
    </>
  );
  return (
    <Screen title={t('courier.title')} hideTitle back={hrefOf()} thumb={thumb}>
      <Voice said={wrong?.said ?? ask} turn={wrong?.turn ?? 0} sign="box" />
      {camera ? <CameraView paused={typing} onCode={open} /> : null}
      {boxes.length === 0 ? <Notice mark="unknown">{t('courier.none')}</Notice> : null}
      <ul class="rows">
        {boxes.map((box) => (
          <BoxRow key={box} box={box} />
        ))}
      </ul>
      {typing ? <TypeLabel onClose={() => setTyping(false)} onText={open} /> : null}
    </Screen>
  );
}

const marks: Record<BoxState['stage'], MarkName> = {
  unknown: 'unknown',
  sealed: 'waiting',
  moving: 'moving',
  received: 'done',
  lost: 'overdue',
};

function BoxRow({ box }: { box: string }): JSX.Element {
  const { t, count } = useSpeech();
  const { account } = useStatus();
  const state = useSubject<BoxState>(`box:${box}`);
  const packed = useDevice().packing().get(box) ?? [];
  const stage = state?.stage ?? 'unknown';
  const holder = state === null ? null : holderOf(state);
  const tubes = state?.seal?.tubes.length ?? packed.length;
  const isMine = holder?.holder === `user:${account ?? ''}`;
  return (
    <li>
      <a class="row row-tall" href={hrefOf('courier', box)}>
        <Mark name={marks[stage]} />
        <span class="row-main">
          <b translate={false}>{box}</b>
          <small>{t('courier.tubes', { count: count(tubes) })}</small>
        </span>
        <span class="row-side">
          {stage === 'unknown' ? t('courier.packing') : t(`box.${stage}`)}
          {isMine ? <Sign name="person" /> : null}
        </span>
        <Sign name="next" />
      </a>
    </li>
  );
}

interface TypeProps {
  readonly onClose: () => void;
  readonly onText: (text: string) => void;
}

function TypeLabel({ onClose, onText }: TypeProps): JSX.Element {
  const { t } = useSpeech();
  const [text, setText] = useState('');
  return (
    <Sheet title={t('courier.type-label')} onClose={onClose}>
      <form
        class="stack"
        onSubmit={(event) => {
          event.preventDefault();
          onClose();
          onText(text);
        }}
      >
        <Field label={t('courier.type-label')} value={text} onValue={setText} capital autoFocus />
        <button type="submit" class="button primary" disabled={text.trim() === ''}>
          {t('courier.open-box')}
        </button>
      </form>
    </Sheet>
  );
}
