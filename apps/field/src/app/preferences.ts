import { useEffect, useState } from 'preact/hooks';

export type Language = 'zh' | 'en';
export type Theme = 'auto' | 'light' | 'dark';

/** How this person wants to be spoken to. */
export interface Preferences {
  readonly language: Language;
  readonly theme: Theme;
  /** Whether right and wrong are told by eye only. */
  readonly muted: boolean;
}

function read(): Preferences {
  const root = document.documentElement;
  const { theme } = root.dataset;
  let muted = false;
  try {
    muted = localStorage.getItem('sextant.muted') === 'yes';
  } catch {
    // Storage may be forbidden; the defaults stand.
  }
  return {
    language: root.lang.startsWith('zh') ? 'zh' : 'en',
    theme: theme === 'light' || theme === 'dark' ? theme : 'auto',
    muted,
  };
}

let current: Preferences | null = null;
const listeners = new Set<() => void>();

/** The preferences as they stand. */
export function preferences(): Preferences {
  current ??= read();
  return current;
}

/** Changes some of them, on the page and for the next visit. */
export function prefer(change: Partial<Preferences>): void {
  current = { ...preferences(), ...change };
  const root = document.documentElement;
  root.lang = current.language === 'zh' ? 'zh-CN' : 'en-GB';
  if (current.theme === 'auto') delete root.dataset['theme'];
  else root.dataset['theme'] = current.theme;
  try {
    localStorage.setItem('sextant.language', current.language);
    localStorage.setItem('sextant.theme', current.theme);
    localStorage.setItem('sextant.muted', current.muted ? 'yes' : 'no');
  } catch {
    // Not kept for the next visit.
  }
  for (const listener of listeners) listener();
}

/** The preferences, followed. */
export function usePreferences(): Preferences {
  const [value, setValue] = useState(preferences);
  useEffect(() => {
    const follow = (): void => setValue(preferences());
    listeners.add(follow);
    return () => void listeners.delete(follow);
  }, []);
  return value;
}
