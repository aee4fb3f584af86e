import { useEffect, useMemo, useState } from 'preact/hooks';

/** The address behind `#/`, in its parts. */
export function readRoute(hash: string): readonly string[] {
  return hash
    .replace(/^#\/?/, '')
    .split('/')
    .filter((part) => part !== '')
    .map(decode);
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** An address inside the app. */
export function hrefOf(...parts: readonly string[]): string {
  return `#/${parts.map(encodeURIComponent).join('/')}`;
}

/** Goes there; with `instead`, in place of the present screen. */
export function go(href: string, { instead = false }: { instead?: boolean } = {}): void {
  if (instead) location.replace(href);
  else location.hash = href;
}

/** Where the person is, followed. */
export function useRoute(): readonly string[] {
  const [hash, setHash] = useState(location.hash);
  useEffect(() => {
    const follow = (): void => {
      setHash(location.hash);
      scrollTo(0, 0);
    };
    addEventListener('hashchange', follow);
    // On a slow phone somebody may have gone on between the first picture and this moment.
    setHash(location.hash);
    return () => removeEventListener('hashchange', follow);
  }, []);
  return useMemo(() => readRoute(hash), [hash]);
}
