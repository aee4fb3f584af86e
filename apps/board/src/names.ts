import { useState } from 'react';
import { queryText, request } from './api/client.ts';
import type { Page, PersonRow } from './api/types.ts';

/** Names read for a stated purpose; they are forgotten when the screen closes. */
export interface Names {
  readonly byPerson: ReadonlyMap<number, PersonRow> | null;
  readonly busy: boolean;
  readonly failure: unknown;
  readonly read: (asked: Asked) => Promise<void>;
}

interface Asked {
  readonly persons: readonly number[];
  /** Where the reader may read names: those who live elsewhere are left out by the server. */
  readonly place: string | null;
  readonly reason: string;
}

/** So many numbers fit an address; more are asked for in turn. */
const personsPerRequest = 500;

/** Reads names of persons. Every reading is recorded by the server. */
export function useNames(): Names {
  const [byPerson, setByPerson] = useState<ReadonlyMap<number, PersonRow> | null>(null);
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<unknown>(null);
  async function read({ persons, place, reason }: Asked) {
    setBusy(true);
    setFailure(null);
    try {
      const found = new Map<number, PersonRow>();
      for (let from = 0; from < persons.length; from += personsPerRequest) {
        const part = persons.slice(from, from + personsPerRequest).join(',');
        const query = queryText({ place, reason, persons: part });
        const { rows } = await request<Page<PersonRow>>(`/persons${query}`);
        for (const row of rows) found.set(row.person, row);
      }
      setByPerson(found);
    } catch (error) {
      setFailure(error);
    }
    setBusy(false);
  }
  return { byPerson, busy, failure, read };
}
