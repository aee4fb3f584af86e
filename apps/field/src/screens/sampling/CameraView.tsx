import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { useLatest } from '../../app/latest.ts';
import { useSpeech } from '../../language/translate.ts';
import { sayFailure } from '../../parts/failure.ts';
import { Notice } from '../../parts/Notice.tsx';
import { openScanner } from '../../scan/index.ts';

interface CameraProps {
  /** A sheet stands before the picture: nothing is read meanwhile. */
  readonly paused: boolean;
  readonly onCode: (text: string) => void;
}

/** The camera's picture, read all the time; every code in it is told once. */
export function CameraView({ paused, onCode }: CameraProps): JSX.Element {
  const speech = useSpeech();
  const { t } = speech;
  const video = useRef<HTMLVideoElement>(null);
  const tell = useLatest(paused ? () => undefined : onCode);
  const [state, setState] = useState<'starting' | 'reading' | Error>('starting');
  useEffect(() => {
    const element = video.current;
    if (element === null) return undefined;
    let gone = false;
    let stop: () => void = () => undefined;
    openScanner(element, (text) => tell.current(text), { onLost: setState })
      .then((scanner) => {
        stop = () => scanner.close();
        if (gone) stop();
        else setState('reading');
        return undefined;
      })
      .catch((error: unknown) => {
        if (!gone) setState(error instanceof Error ? error : new Error(String(error)));
      });
    return () => {
      gone = true;
      stop();
    };
  }, [tell]);
  if (state instanceof Error) {
    return (
      <section class="camera camera-failed">
        <Notice mark="unknown" alert>
          <p>{t('camera.none')}</p>
          <p class="soft">{sayFailure(state, speech)}</p>
        </Notice>
      </section>
    );
  }
  return (
    <section class="camera">
      <video ref={video} muted playsInline />
      <span class="camera-frame" aria-hidden="true" />
      {state === 'starting' ? <p class="camera-note">{t('camera.starting')}</p> : null}
    </section>
  );
}
