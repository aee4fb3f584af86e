import { useSyncExternalStore } from 'react';

/** How the line to the server stands. */
export type LineState = 'live' | 'joining' | 'lost';

interface Pulse {
  readonly line: LineState;
  /** The server's latest receipt number; a greater one means there is something new. */
  readonly receipt: number;
  /** The server's clock as last heard, and when it was heard by ours. */
  readonly asOf: number | null;
  readonly heardAt: number;
}

let pulse: Pulse = { line: 'joining', receipt: 0, asOf: null, heardAt: Date.now() };
let source: EventSource | null = null;
let users = 0;
const listeners = new Set<() => void>();

function set(next: Partial<Pulse>): void {
  pulse = { ...pulse, ...next };
  for (const listener of listeners) listener();
}

function open(): void {
  source = new EventSource('/v1/live');
  source.addEventListener('open', () => set({ line: 'live' }));
  source.addEventListener('error', () => {
    // The browser tries again by itself unless the server refused for good.
    set({ line: source?.readyState === EventSource.CLOSED ? 'lost' : 'joining' });
  });
  source.addEventListener('receipt', (event: MessageEvent<string>) => {
    const { receipt, asOf } = JSON.parse(event.data) as { receipt: number; asOf: string };
    set({ line: 'live', receipt, asOf: Date.parse(asOf), heardAt: Date.now() });
  });
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  users += 1;
  if (source === null) open();
  return () => {
    listeners.delete(listener);
    users -= 1;
    if (users > 0) return;
    source?.close();
    source = null;
    pulse = { ...pulse, line: 'joining' };
  };
}

/** The line to the server: whether it stands, and the number of the latest record. */
export function usePulse(): Pulse {
  return useSyncExternalStore(subscribe, () => pulse);
}

/** Learns the server's clock from a reply. */
export function hearClock(asOf: number): void {
  if (pulse.asOf === asOf) return;
  set({ asOf, heardAt: Date.now() });
}

/** The server's time now, as well as it is known: forms start from it, not from our own clock. */
export function serverNow(): number {
  if (pulse.asOf === null) return Date.now();
  return pulse.asOf + (Date.now() - pulse.heardAt);
}
