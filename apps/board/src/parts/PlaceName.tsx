import { useEffect, useSyncExternalStore } from 'react';
import { request } from '../api/client.ts';
import type { PlaceRow } from '../api/types.ts';
import { useSpeech } from '../language/translate.ts';
import { href } from '../route.ts';

/** Names already asked for: places change seldom, and a list names the same few again and again. */
const known = new Map<string, PlaceRow | null>();
const listeners = new Set<() => void>();
const asked = new Set<string>();
const waiting: string[] = [];
let busy = 0;
const askedAtOnce = 4;

function ask(code: string): void {
  if (asked.has(code)) return;
  asked.add(code);
  waiting.push(code);
  pump();
}

function pump(): void {
  while (busy < askedAtOnce) {
    const code = waiting.shift();
    if (code === undefined) return;
    busy += 1;
    request<PlaceRow>(`/places/${encodeURIComponent(code)}`)
      .then(
        (row) => known.set(code, row),
        () => known.set(code, null),
      )
      .finally(() => {
        busy -= 1;
        for (const listener of listeners) listener();
        pump();
      });
  }
}

/** A place by its code, asked of the server once; undefined until it has answered. */
export function usePlace(code: string | null): PlaceRow | null | undefined {
  useEffect(() => {
    if (code !== null) ask(code);
  }, [code]);
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => (code === null ? null : known.get(code)),
  );
}

/** A place by name, leading to the board there; by code until its name is known. */
export function PlaceName({ code }: { code: string | null }) {
  const { label } = useSpeech();
  const found = usePlace(code);
  if (code === null) return <>–</>;
  const parents = found?.parents?.slice(-1).map((parent) => label(parent.label)) ?? [];
  const name = label(found?.label);
  return (
    <a
      className="plain"
      translate="no"
      href={href(['board'], { place: code })}
      title={code}
      aria-busy={found === undefined}
    >
      {name === '' ? code : [...parents, name].join(' ')}
    </a>
  );
}
