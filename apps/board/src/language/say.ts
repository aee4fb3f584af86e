import type { Words } from '../api/types.ts';
import type { Language } from '../preferences.ts';
import { formatCount } from './format.ts';

/** The same words in both languages; `one|many` in English. */
export type Pair = readonly [zh: string, en: string];
export type Values = { readonly [name: string]: string | number };

/** One language of a pair, with `{name}` replaced; English chooses `one|many` by `count`. */
export function say(language: Language, pair: Pair, values: Values = {}): string {
  const text = language === 'zh' ? pair[0] : latinSigns(pair[1]);
  const forms = text.split('|');
  const chosen = forms.length === 2 && values['count'] === 1 ? forms[0] : forms.at(-1);
  return (chosen ?? text).replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = values[name];
    if (value === undefined) return whole;
    return typeof value === 'number' ? formatCount(value) : value;
  });
}

/**
 * The Chinese face draws curly quotes and the ellipsis as wide as a character, so that English
 * text would gape. Straight ones are narrow in every face.
 */
function latinSigns(text: string): string {
  return text.replace(/[‘’]/g, "'").replace(/[“”]/g, '"').replaceAll('…', '...');
}

/** A name in one language, or in the other when it has no other. */
export function nameIn(language: Language, name: Words | null | undefined): string {
  if (name === null || name === undefined) return '';
  if (typeof name === 'string') return name;
  return (language === 'zh' ? (name.zh ?? name.en) : latinSigns(name.en ?? name.zh ?? '')) ?? '';
}
