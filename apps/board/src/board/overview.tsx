import { createContext, type ReactNode, useContext, useEffect, useMemo } from 'react';
import { queryText } from '../api/client.ts';
import { hearClock, usePulse } from '../api/live.ts';
import type { BoardReply } from '../api/types.ts';
import { type Resource, useResource } from '../resource.ts';
import { useRoute } from '../route.ts';

const OverviewContext = createContext<Resource<BoardReply> | null>(null);

/** On the board once a second at most, as the news allows; elsewhere the header needs less. */
const boardEveryMs = 1_000;
const headerEveryMs = 3_000;

/** Keeps the overview of the chosen place and round for the header and the board. */
export function OverviewProvider({ children }: { children: ReactNode }) {
  const { path, query } = useRoute();
  const onBoard = path.length === 0 || path[0] === 'board';
  const place = query.get('place');
  const round = query.get('round');
  const address = `/board${queryText({ place, round })}`;
  const overview = useResource<BoardReply>(address, {
    liveEveryMs: onBoard ? boardEveryMs : headerEveryMs,
    keep: true,
  });
  const asOf = overview.data?.asOf;
  useEffect(() => {
    if (asOf !== undefined) hearClock(Date.parse(asOf));
  }, [asOf]);
  return <OverviewContext value={overview}>{children}</OverviewContext>;
}

/** The overview of the chosen place and round. */
export function useOverview(): Resource<BoardReply> {
  const overview = useContext(OverviewContext);
  if (overview === null) throw new Error('the overview is read outside its provider');
  return overview;
}

/** The place and the round that every question on this screen is about. */
export function useScope(): { readonly place: string | null; readonly round: string | null } {
  const { query } = useRoute();
  const { data } = useOverview();
  const place = query.get('place') ?? data?.place.code ?? null;
  const round = query.get('round') ?? data?.round?.id ?? null;
  return useMemo(() => ({ place, round }), [place, round]);
}

/** The server's time at the last answer: what ages on the screen are counted from. */
export function useAsOf(): number {
  const { data } = useOverview();
  const { asOf } = usePulse();
  return data === null ? (asOf ?? 0) : Date.parse(data.asOf);
}

/** True on a deployment without a single place: nothing to count yet, and nothing wrong. */
export function useIsBare(): boolean {
  const { problem } = useOverview();
  const { query } = useRoute();
  return problem?.code === 'places.unknown-place' && query.get('place') === null;
}
