import { useSyncExternalStore } from 'react';
import { onSignedOut, Problem, request } from './client.ts';
import type { Session } from './types.ts';

export type SessionState =
  | { readonly kind: 'asking' }
  | { readonly kind: 'signed-out' }
  | { readonly kind: 'offline' }
  | { readonly kind: 'signed-in'; readonly session: Session };

let state: SessionState = { kind: 'asking' };
const listeners = new Set<() => void>();

function set(next: SessionState): void {
  state = next;
  for (const listener of listeners) listener();
}

onSignedOut(() => {
  if (state.kind === 'signed-in') set({ kind: 'signed-out' });
});

/** Asks who is signed in: the cookie is not readable here, only the server knows. */
export async function findSession(): Promise<void> {
  try {
    set({ kind: 'signed-in', session: await request<Session>('/sessions/current') });
  } catch (error) {
    set({ kind: error instanceof Problem ? 'signed-out' : 'offline' });
  }
}

/** Signs in; the session is a cookie that scripts cannot read. */
export async function signIn(account: string, password: string): Promise<void> {
  const body = { account, password };
  set({
    kind: 'signed-in',
    session: await request<Session>('/sessions', { method: 'POST', body }),
  });
}

/** Signs out here; the session ends on the server when it can be reached. */
export async function signOut(): Promise<void> {
  await request('/sessions/current', { method: 'DELETE' }).catch(() => null);
  set({ kind: 'signed-out' });
}

/** Who is signed in. */
export function useSession(): SessionState {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => state,
  );
}
