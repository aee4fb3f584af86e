import type { JSX } from 'preact';
import { prefer, usePreferences } from '../app/preferences.ts';
import { useSpeech } from '../language/translate.ts';
import { feedback } from '../scan/feedback.ts';
import { Sign } from './Sign.tsx';

/** Language, light and sound: in the same place on the first screens. */
export function Switches(): JSX.Element {
  const { t, language } = useSpeech();
  const { theme, muted } = usePreferences();
  const isDark =
    theme === 'dark' || (theme === 'auto' && matchMedia('(prefers-color-scheme: dark)').matches);
  return (
    <div class="switches">
      <button
        type="button"
        class="switch"
        lang={language === 'zh' ? 'en' : 'zh'}
        onClick={() => prefer({ language: language === 'zh' ? 'en' : 'zh' })}
      >
        {t('switch.language')}
      </button>
      <button
        type="button"
        class="round"
        aria-label={isDark ? t('switch.light') : t('switch.dark')}
        onClick={() => prefer({ theme: isDark ? 'light' : 'dark' })}
      >
        <Sign name={isDark ? 'light' : 'dark'} />
      </button>
      <button
        type="button"
        class="round"
        aria-label={muted ? t('switch.unmute') : t('switch.mute')}
        onClick={() => {
          feedback.wake();
          prefer({ muted: !muted });
        }}
      >
        <Sign name={muted ? 'silent' : 'sound'} />
      </button>
    </div>
  );
}
