import { useLayoutEffect, useRef } from 'preact/hooks';

/** What the last drawing had, for listeners that outlive it. */
export function useLatest<T>(value: T): { readonly current: T } {
  const latestRef = useRef(value);
  useLayoutEffect(() => {
    latestRef.current = value;
  });
  return latestRef;
}
