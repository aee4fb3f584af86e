import type { FastifyRequest } from 'fastify';
import type pg from 'pg';
import type { Instant } from '../../kernel/instant.ts';
import { type Actor, covers, mayAct } from '../../ledger/access.ts';
import type { Catalogue, PolicyBook } from '../../ledger/catalogue.ts';
import type { Role } from '../../ledger/room.ts';
import type { Writer } from '../jobs/writer.ts';
import type { Coverages } from '../postgres/coverages.ts';
import type { Place, Roster } from '../postgres/roster.ts';
import type { Views } from '../postgres/specimens.ts';
import { Problem } from './problem.ts';

/** The time by which the operation runs: the machine's, or a scenario's. */
export interface Clock {
  readonly now: () => Instant;
  /** Sets a driven clock; null when this server goes by the machine's time. */
  readonly drive: ((now: Instant) => void) | null;
}

/** Everything a route may use. Made once by the server. */
export interface ServerContext {
  /** As the service: may neither change facts nor read names. */
  readonly pool: pg.Pool;
  readonly writer: Writer;
  readonly catalogue: Catalogue;
  readonly policy: PolicyBook;
  readonly clock: Clock;
  readonly coverages: Coverages;
  /** The registers as last loaded; `reload` reads them anew after an import. */
  readonly roster: () => Roster;
  readonly reloadRoster: () => Promise<void>;
  /** Takes in people who joined one by one, without reading everybody again. */
  readonly growRoster: () => Promise<void>;
  /** Tells the other servers on the database that the registers have changed. */
  readonly announce: (change: 'imported' | 'grown') => Promise<void>;
  /** Called by the live stream: registers a listener and returns how to stop. */
  readonly onCommit: (listener: (receipt: number) => void) => () => void;
  readonly lastReceipt: () => number;
  /** Whether the disk has room for new facts; true when the database's disk is not ours to see. */
  readonly hasRoom: () => boolean;
}

declare module 'fastify' {
  interface FastifyRequest {
    actor: Actor | null;
  }
}

/** What it takes to read what subjects say of each other. */
export function viewsOf({ catalogue, policy, roster }: ServerContext): Views {
  return { catalogue, policy, registers: roster() };
}

/** Who asks; a problem when nobody is signed in. */
export function actorOf(request: FastifyRequest): Actor {
  if (request.actor === null) throw new Problem('access.not-signed-in', 'sign in first');
  return request.actor;
}

/** Who asks, holding one of the roles anywhere. */
export function actorWith(request: FastifyRequest, roles: readonly Role[]): Actor {
  const actor = actorOf(request);
  if (actor.grants.some(({ role }) => roles.includes(role))) return actor;
  throw new Problem('access.not-permitted', `needs one of: ${roles.join(', ')}`);
}

/**
 * The place a question is about: the one named, or the highest the actor may see. Somebody may
 * see a place when any of their roles is held at it or above it.
 */
export function placeOf(request: FastifyRequest, context: ServerContext, code?: string): Place {
  const actor = actorOf(request);
  if (actor.grants.length === 0) throw new Problem('access.not-permitted', 'you hold no role yet');
  const roster = context.roster();
  const wanted = code === undefined || code === '' ? ownPlace(actor, roster) : code;
  const place = wanted === null ? undefined : roster.places.get(wanted);
  if (place === undefined) {
    throw new Problem('places.unknown-place', `no place has code ${code ?? ''}`, {
      where: '/place',
    });
  }
  if (!actor.grants.some((grant) => covers(grant.place, place.path))) {
    throw new Problem('access.not-permitted', `you may not see ${place.code}`, { where: '/place' });
  }
  return place;
}

function ownPlace(actor: Actor, roster: Roster): string | null {
  const everywhere = actor.grants.some(({ place }) => place === '*');
  const [root] = roster.childrenOf(null);
  return everywhere ? (root?.code ?? null) : (actor.grants[0]?.place ?? null);
}

/** Refuses unless the actor holds one of the roles at the place. */
export function requireRole(actor: Actor, allowed: readonly Role[], place: Place): void {
  if (mayAct(actor, allowed, place.path)) return;
  throw new Problem('access.not-permitted', `needs one of: ${allowed.join(', ')} at ${place.code}`);
}

/**
 * Patterns for everything at or below a place: paths are codes joined by `/`. What has no place, as
 * a tube on a plate that nobody sealed, is laid before whoever looks at the whole tree.
 */
export function below(place: Place): string[] {
  const pattern = `${place.path.replace(/[\\%_]/g, '\\$&')}/%`;
  return place.parent === null ? [pattern, '/'] : [pattern];
}
