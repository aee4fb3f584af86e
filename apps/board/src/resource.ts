import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { Problem, request } from './api/client.ts';
import { usePulse } from './api/live.ts';

/** What a screen knows of one question. The last answer stays while a newer is fetched. */
export interface Resource<Data> {
  readonly data: Data | null;
  /** When the answer came, by this machine's clock. */
  readonly fetchedAt: number | null;
  readonly state: 'loading' | 'ready' | 'refused' | 'offline';
  readonly problem: Problem | null;
  readonly refetch: () => void;
}

interface Options {
  /** Asks again when the server has something new, at most this often; never when absent. */
  readonly liveEveryMs?: number;
  /** Shows the last question's answer while the next is asked: for data that names its subject. */
  readonly keep?: boolean;
}

interface Held<Data> {
  readonly path: string | null;
  readonly data: Data | null;
  readonly fetchedAt: number | null;
  readonly failure: Problem | 'offline' | null;
  /** How often a question has been settled, one way or the other. */
  readonly settled: number;
}

const empty = { path: null, data: null, fetchedAt: null, failure: null, settled: 0 } as const;
const retryMs = 5_000;

/** Asks `/v1` for `path`; null asks nothing. */
export function useResource<Data>(path: string | null, options: Options = {}): Resource<Data> {
  const [held, setHeld] = useState<Held<Data>>(empty);
  const [turn, setTurn] = useState(0);
  const startedAt = useRef(0);
  const refetch = useCallback(() => setTurn((last) => last + 1), []);
  const keep = options.keep === true;
  // A question asked anew is another question, though its address is the same.
  const question = useMemo(() => ({ path, turn }), [path, turn]);

  useEffect(() => {
    const { path: asked } = question;
    if (asked === null) return;
    const abort = new AbortController();
    startedAt.current = Date.now();
    let retry: ReturnType<typeof setTimeout> | undefined;
    request<Data>(asked, { signal: abort.signal }).then(
      (data) =>
        setHeld(({ settled }) => {
          return { path: asked, data, fetchedAt: Date.now(), failure: null, settled: settled + 1 };
        }),
      (error: unknown) => {
        if (abort.signal.aborted) return;
        const failure = error instanceof Problem ? error : 'offline';
        setHeld((last) => {
          const kept = last.path === asked || keep ? last : empty;
          return { ...kept, path: asked, failure, settled: last.settled + 1 };
        });
        if (failure === 'offline') retry = setTimeout(refetch, retryMs);
      },
    );
    return () => {
      abort.abort();
      clearTimeout(retry);
    };
  }, [question, refetch, keep]);

  useNews({ everyMs: options.liveEveryMs, settled: held.settled, startedAt, refetch });

  if (held.path === path) return { ...reading(held), refetch };
  const kept = keep ? held : empty;
  return { data: kept.data, fetchedAt: kept.fetchedAt, state: 'loading', problem: null, refetch };
}

function reading<Data>({ data, fetchedAt, failure }: Held<Data>): Omit<Resource<Data>, 'refetch'> {
  if (failure === 'offline') return { data, fetchedAt, state: 'offline', problem: null };
  if (failure !== null) return { data: null, fetchedAt, state: 'refused', problem: failure };
  return { data, fetchedAt, state: data === null ? 'loading' : 'ready', problem: null };
}

interface News {
  readonly everyMs: number | undefined;
  readonly settled: number;
  readonly startedAt: { readonly current: number };
  readonly refetch: () => void;
}

/**
 * Asks again after news, but lets `everyMs` pass between two questions and never asks the next
 * before the last is answered: a slow server would otherwise never be heard out.
 */
function useNews({ everyMs, settled, startedAt, refetch }: News): void {
  const { receipt } = usePulse();
  const asked = useRef({ receipt, settled: -1 });
  useEffect(() => {
    if (everyMs === undefined || receipt === asked.current.receipt) return;
    if (settled === asked.current.settled) return;
    const wait = Math.max(0, startedAt.current + everyMs - Date.now());
    const timer = setTimeout(() => {
      asked.current = { receipt, settled };
      refetch();
    }, wait);
    return () => clearTimeout(timer);
  }, [everyMs, receipt, settled, refetch, startedAt]);
}
