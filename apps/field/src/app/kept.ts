import { useState } from 'preact/hooks';

/** Reads something small that this browser keeps between visits; the fallback when it has none. */
export function readKept<T>(key: string, fallback: T): T {
  try {
    const text = localStorage.getItem(`sextant.field.${key}`);
    return text === null ? fallback : (JSON.parse(text) as T);
  } catch {
    return fallback;
  }
}

/** Keeps something small. Only convenience is kept so: what happened is kept by the device. */
export function keep(key: string, value: unknown): void {
  try {
    localStorage.setItem(`sextant.field.${key}`, JSON.stringify(value));
  } catch {
    // Not kept for the next visit; it holds for this one.
  }
}

/** State that outlives the page. */
export function useKept<T>(key: string, fallback: T): [T, (next: T) => void] {
  const [value, setValue] = useState(() => readKept(key, fallback));
  const change = (next: T): void => {
    keep(key, next);
    setValue(next);
  };
  return [value, change];
}
