import { useState } from 'preact/hooks';
import type { Json } from '../../../../../kernel/assert.ts';
import { newActId } from '../../app/act-id.ts';
import { useDevice } from '../../app/device.tsx';
import { useSpeech } from '../../language/translate.ts';
import { sayFailure, valuesOf } from '../../parts/failure.ts';
import { told } from '../../parts/feedback.ts';
import type { Said } from '../../parts/Voice.tsx';

/** What was said last, and how to say and do more. */
export interface BoxVoice {
  readonly said: Said | null;
  readonly turn: number;
  readonly say: (said: Said) => void;
  /** Falls silent, so that the next screen can ask. */
  readonly clear: () => void;
  /** Does an act and says how it ended; true when it is kept. */
  readonly act: (name: string, body: Json, done: Said) => Promise<boolean>;
}

/** The voice of a screen that does acts. */
export function useBoxVoice(): BoxVoice {
  const device = useDevice();
  const speech = useSpeech();
  const [heard, setHeard] = useState<{ said: Said | null; turn: number }>({ said: null, turn: 0 });
  const say = (said: Said): void => {
    told(said.tone);
    setHeard(({ turn }) => ({ said, turn: turn + 1 }));
  };
  const act: BoxVoice['act'] = async (name, body, done) => {
    const head = speech.t('scan.refused');
    try {
      const acted = await device.act(name, body, newActId());
      if (acted.kind === 'kept') {
        say(done);
        return true;
      }
      say({ tone: 'wrong', head, line: speech.code(acted.code, valuesOf(acted.details)) });
    } catch (error) {
      say({ tone: 'wrong', head, line: sayFailure(error, speech) });
    }
    return false;
  };
  const clear = (): void => setHeard(({ turn }) => ({ said: null, turn: turn + 1 }));
  return { ...heard, say, clear, act };
}
