import { useMemo } from 'react';
import type { Words } from '../api/types.ts';
import { type Language, usePreferences } from '../preferences.ts';
import * as format from './format.ts';
import { nameIn, say, type Values } from './say.ts';
import { words } from './words/index.ts';

export type Key = keyof typeof words;

/** Everything a screen needs to speak: words by key, terms by code, numbers and times. */
export interface Speech {
  readonly language: Language;
  /** The words of a key, with `{name}` replaced. */
  readonly t: (key: Key, values?: Values) => string;
  /** The words for a code that came from the server; null when there are none. */
  readonly term: (key: string, values?: Values) => string | null;
  /** The reader's language of a name that came from the server. */
  readonly label: (name: Words | null | undefined) => string;
  readonly count: (value: number) => string;
  readonly span: (seconds: number) => string;
  readonly minutes: (value: number) => string;
}

function isKey(key: string): key is Key {
  return Object.hasOwn(words, key);
}

/** How the reader wants to be spoken to. */
export function useSpeech(): Speech {
  const { language } = usePreferences();
  return useMemo(
    () => ({
      language,
      t: (key, values) => say(language, words[key], values),
      term: (key, values) => (isKey(key) ? say(language, words[key], values) : null),
      label: (name) => nameIn(language, name),
      count: format.formatCount,
      span: (seconds) => format.formatSpan(seconds, language),
      minutes: (value) => format.formatSpan(value * 60, language),
    }),
    [language],
  );
}
