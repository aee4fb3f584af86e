import type { RoundState } from '../../../rooms/screening/index.ts';
import type { Queryable } from '../database.ts';

/** All rounds, the latest to start first; an open one before a closed one. */
export async function listRounds(client: Queryable): Promise<RoundState[]> {
  const { rows } = await client.query<{ state: RoundState }>({
    name: 'list-rounds',
    text: `select state from subjects where prefix = 'round' and stage <> 'unknown'
      order by (stage = 'open') desc, since_ms desc, subject limit 200`,
  });
  return rows.map(({ state }) => state);
}

/** The round asked for, or the one a screen shows when none is named; null when there is none. */
export async function chooseRound(client: Queryable, round?: string): Promise<RoundState | null> {
  const rounds = await listRounds(client);
  if (round === undefined || round === '') return rounds[0] ?? null;
  const listed = rounds.find((each) => each.round === round);
  if (listed !== undefined) return listed;
  const { rows } = await client.query<{ state: RoundState }>(
    `select state from subjects where subject = $1 and stage <> 'unknown'`,
    [`round:${round}`],
  );
  return rows[0]?.state ?? null;
}
