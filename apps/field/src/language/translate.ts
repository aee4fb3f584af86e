import { useMemo } from 'preact/hooks';
import type { Label } from '../../../../ledger/room.ts';
import * as format from '../../../board/src/language/format.ts';
import { say, type Values } from '../../../board/src/language/say.ts';
import { type Language, usePreferences } from '../app/preferences.ts';
import { codeLabel } from './codes.ts';
import { words } from './words/index.ts';

export type Key = keyof typeof words;

/** Everything a screen needs to speak: words by key, sentences by code, numbers and times. */
export interface Speech {
  readonly language: Language;
  /** The words of a key, with `{name}` replaced. */
  readonly t: (key: Key, values?: Values) => string;
  /** The words of a key that is put together, such as `duty.${kind}`; null when there are none. */
  readonly term: (key: string, values?: Values) => string | null;
  /** The sentence for a code of a refusal, a finding or a fault. */
  readonly code: (code: string, values?: Values) => string;
  /** The reader's language of a name that has both. */
  readonly label: (name: Label) => string;
  readonly count: (value: number) => string;
  readonly moment: (at: number, now: number) => string;
  readonly span: (ms: number) => string;
}

function isKey(key: string): key is Key {
  return Object.hasOwn(words, key);
}

/** Speaks one language. */
export function speechIn(language: Language): Speech {
  const t: Speech['t'] = (key, values) => say(language, words[key], values);
  return {
    language,
    t,
    term: (key, values) => (isKey(key) ? t(key, values) : null),
    code: (code, values) => {
      const known = codeLabel(code);
      if (known !== null) return say(language, [known.zh, known.en], values);
      return t('state.refused', { code });
    },
    label: (name) => (language === 'zh' ? name.zh || name.en : name.en || name.zh),
    count: format.formatCount,
    moment: (at, now) => format.formatMoment(at, now, language),
    span: (ms) => format.formatSpan(ms / 1000, language),
  };
}

/** How the reader wants to be spoken to. */
export function useSpeech(): Speech {
  const { language } = usePreferences();
  return useMemo(() => speechIn(language), [language]);
}
