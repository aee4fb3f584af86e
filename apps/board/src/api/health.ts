import { useSyncExternalStore } from 'react';
import { request } from './client.ts';

/** What the server says of itself to anybody. */
export interface Health {
  /** False when a power cut may take what was answered for. */
  readonly durable: boolean;
  /** The settings of PostgreSQL that are off and should not be. */
  readonly weak: readonly string[];
  /** False while the disk is too full for anything new. */
  readonly room: boolean;
}

const everyMs = 30_000;

let health: Health | null = null;
let timer: ReturnType<typeof setInterval> | undefined;
const listeners = new Set<() => void>();

async function ask(): Promise<void> {
  try {
    health = await request<Health>('/health');
    for (const listener of listeners) listener();
  } catch {
    // The last word stands; that nobody answers is said elsewhere.
  }
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  if (listeners.size === 1) {
    void ask();
    timer = setInterval(() => void ask(), everyMs);
  }
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) clearInterval(timer);
  };
}

/** The server's health as last heard, signed in or not; null before the first answer. */
export function useHealth(): Health | null {
  return useSyncExternalStore(subscribe, () => health);
}
