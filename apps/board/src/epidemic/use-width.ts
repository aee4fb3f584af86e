import { type RefObject, useEffect, useRef, useState } from 'react';

/** Width of an element in pixels, so that a chart's texts keep their size whatever the screen. */
export function useWidth<E extends HTMLElement>(first: number): [RefObject<E | null>, number] {
  const ref = useRef<E>(null);
  const [width, setWidth] = useState(first);
  useEffect(() => {
    const { current } = ref;
    if (current === null) return;
    const watcher = new ResizeObserver(([entry]) => {
      const wide = Math.floor(entry?.contentRect.width ?? first);
      if (wide > 0) setWidth(wide);
    });
    watcher.observe(current);
    return () => watcher.disconnect();
  }, [first]);
  return [ref, width];
}
