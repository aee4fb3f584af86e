import { useSyncExternalStore } from 'react';

export type Language = 'zh' | 'en';
export type Theme = 'system' | 'light' | 'dark';

interface Preferences {
  readonly language: Language;
  readonly theme: Theme;
}

let preferences: Preferences = load();
const listeners = new Set<() => void>();

function stored(name: string): string | null {
  try {
    return localStorage.getItem(`sextant.${name}`);
  } catch {
    return null;
  }
}

function load(): Preferences {
  const language = stored('language');
  const theme = stored('theme');
  const spoken = /^zh/i.test(navigator.language) ? 'zh' : 'en';
  return {
    language: language === 'zh' || language === 'en' ? language : spoken,
    theme: theme === 'light' || theme === 'dark' ? theme : 'system',
  };
}

/** Sets a preference of this browser, now and for the next visit. */
export function prefer(change: Partial<Preferences>): void {
  preferences = { ...preferences, ...change };
  try {
    for (const [name, value] of Object.entries(change))
      localStorage.setItem(`sextant.${name}`, value);
  } catch {
    // Not kept for the next visit; it holds for this one.
  }
  apply();
  for (const listener of listeners) listener();
}

/** Puts the preferences on the page's root element. */
export function apply(): void {
  const root = document.documentElement;
  root.lang = preferences.language === 'zh' ? 'zh-CN' : 'en-GB';
  if (preferences.theme === 'system') delete root.dataset['theme'];
  else root.dataset['theme'] = preferences.theme;
}

/** The preferences of this browser. */
export function usePreferences(): Preferences {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => preferences,
  );
}
