import { useMemo } from 'react';
import type { Words } from '../api/types.ts';
import { type Language, usePreferences } from '../preferences.ts';
import * as format from './format.ts';
import { words } from './words/index.ts';

export type Key = keyof typeof words;
/** The same words in both languages; `one|many` in English. */
export type Pair = readonly [zh: string, en: string];
export type Values = { readonly [name: string]: string | number };

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

/** One language of a pair of words, with `{name}` replaced; English chooses `one|many` by `count`. */
export function say(language: Language, pair: Pair, values: Values = {}): string {
  const text = language === 'zh' ? pair[0] : latinSigns(pair[1]);
  const forms = text.split('|');
  const chosen = forms.length === 2 && values['count'] === 1 ? forms[0] : forms.at(-1);
  return (chosen ?? text).replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = values[name];
    if (value === undefined) return whole;
    return typeof value === 'number' ? format.formatCount(value) : value;
  });
}

/**
 * The Chinese face draws curly quotes and the ellipsis as wide as a character, so that English
 * text would gape. Straight ones are narrow in every face.
 */
function latinSigns(text: string): string {
  return text.replace(/[‘’]/g, "'").replace(/[“”]/g, '"').replaceAll('…', '...');
}

function isKey(key: string): key is Key {
  return Object.hasOwn(words, key);
}

/** A name in one language, or in the other when it has no other. */
export function nameIn(language: Language, name: Words | null | undefined): string {
  if (name === null || name === undefined) return '';
  if (typeof name === 'string') return name;
  return (language === 'zh' ? (name.zh ?? name.en) : latinSigns(name.en ?? name.zh ?? '')) ?? '';
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
