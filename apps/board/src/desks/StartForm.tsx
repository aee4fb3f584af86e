import { useState } from 'react';
import { serverNow } from '../api/live.ts';
import { useSession } from '../api/session.ts';
import type { ActEntry, Json, JsonObject } from '../api/types.ts';
import { useScope } from '../board/overview.tsx';
import { useCatalogue } from '../catalogue.tsx';
import { useDomain } from '../language/domain.ts';
import { useSpeech } from '../language/translate.ts';
import { Notice, Shown } from '../parts/Notice.tsx';
import { go, href, useRoute } from '../route.ts';
import { ActForm } from './ActForm.tsx';
import type { Desk } from './definitions.ts';
import { suggestNumber } from './numbers.ts';
import { openSubject } from './open-subject.ts';

/** The form of an act that begins something new at this desk. */
export function StartForm({ desk, act }: { desk: Desk; act: string }) {
  const { t } = useSpeech();
  const catalogue = useCatalogue();
  return (
    <Shown of={catalogue}>
      {({ acts }) => {
        const entry = acts.find((each) => `${each.room}.${each.act}` === act);
        if (entry === undefined) return <Notice state="unknown">{t('state.not-found')}</Notice>;
        return <Start desk={desk} entry={entry} />;
      }}
    </Shown>
  );
}

function Start({ desk, entry }: { desk: Desk; entry: ActEntry }) {
  const { label } = useSpeech();
  const known = useKnown(entry);
  const [values] = useState(known);
  const refusal = useRoleRefusal(entry);
  return (
    <section className="act-sheet" aria-label={label(entry.label)}>
      <h2>{label(entry.label)}</h2>
      {refusal === null ? null : <Notice state="refused">{refusal}</Notice>}
      <ActForm
        entry={entry}
        known={values}
        fresh={
          desk.prefixes.find((prefix) => entry.schema.properties?.[prefix] !== undefined) ?? null
        }
        onDone={({ facts }) =>
          openSubject(
            desk,
            facts.map(({ subject }) => subject),
          )
        }
        onCancel={() => go(href(['desk', desk.id]))}
      />
    </section>
  );
}

const hourMs = 3_600_000;

/** What fills a form in beforehand: the address, the place and round looked at, the clock. */
function useKnown(entry: ActEntry): JsonObject {
  const { query } = useRoute();
  const { place, round } = useScope();
  const now = Math.ceil(serverNow() / 60_000) * 60_000;
  const known: Record<string, Json> = {
    place,
    round: entry.act === 'open-round' ? null : round,
    areas: place === null ? null : [place],
    startsAt: now,
    endsAt: now + 24 * hourMs,
  };
  for (const name of Object.keys(entry.schema.properties ?? {})) {
    const given = query.get(name);
    if (given !== null) known[name] = given;
    else if (known[name] === undefined) known[name] = suggestNumber(name, entry, now);
  }
  return known;
}

/** Why this account may not do an act; null when it may. The server decides. */
export function useRoleRefusals(): (entry: Pick<ActEntry, 'roles'>) => string | null {
  const { t } = useSpeech();
  const { roleName } = useDomain();
  const session = useSession();
  return ({ roles }) => {
    if (session.kind !== 'signed-in' || roles.length === 0) return null;
    const own = session.session.roles.map(({ role }) => role);
    if (roles.some((role) => own.includes(role))) return null;
    return t('desk.needs-role', { roles: roles.map(roleName).join(t('common.or')) });
  };
}

/** Why this account may not do one act; null when it may. */
export function useRoleRefusal(entry: Pick<ActEntry, 'roles'>): string | null {
  return useRoleRefusals()(entry);
}
