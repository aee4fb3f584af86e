import { useSyncExternalStore } from 'react';
import { type Query, queryText } from './api/client.ts';

/**
 * Where the reader is. The path stands after `#`, so that the board works from any static folder
 * and a link can be sent to a colleague without the server knowing the screens.
 */
export interface Route {
  readonly path: readonly string[];
  readonly query: URLSearchParams;
}

let route = read();
const listeners = new Set<() => void>();

function read(): Route {
  const hash = location.hash.replace(/^#\/?/, '');
  const [path = '', query = ''] = hash.split('?', 2);
  const parts = path.split('/').filter((part) => part !== '');
  return { path: parts.map(decodeURIComponent), query: new URLSearchParams(query) };
}

window.addEventListener('hashchange', () => {
  route = read();
  for (const listener of listeners) listener();
});

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** The route, and renders again when it changes. */
export function useRoute(): Route {
  return useSyncExternalStore(subscribe, () => route);
}

/** What every screen keeps while the reader moves on: the place and the round looked at. */
const kept = ['place', 'round'] as const;

/** The address of a screen; place and round stay unless the query names others. */
export function href(path: readonly string[], query: Query = {}): string {
  const whole: Record<string, Query[string]> = {};
  for (const name of kept) whole[name] = route.query.get(name);
  for (const [name, value] of Object.entries(query)) whole[name] = value;
  return `#/${path.map(encodeURIComponent).join('/')}${queryText(whole)}`;
}

/** The same screen with a part of its query changed. */
export function hrefHere(query: Query): string {
  const whole: Record<string, Query[string]> = Object.fromEntries(route.query);
  return href(route.path, { ...whole, ...query });
}

/** Goes to an address made by `href`. */
export function go(address: string): void {
  location.hash = address;
}
