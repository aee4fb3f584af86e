import type { Role } from './room.ts';

/** Somebody signed in: an account and what it may be, where. */
export interface Actor {
  readonly account: string;
  readonly grants: readonly Grant[];
}

/** A role held at a place and everything below it; `*` is everywhere. */
export interface Grant {
  readonly role: Role;
  readonly place: string;
}

/**
 * Whether an actor holds one of the roles at the place or above it.
 *
 * `path` is the place's codes from the root, joined by `/`. An administrator manages accounts and
 * settings and does not thereby become a sampler: roles are never implied.
 */
export function mayAct(actor: Actor, allowed: readonly Role[], path: string): boolean {
  return actor.grants.some((grant) => allowed.includes(grant.role) && covers(grant.place, path));
}

/** Whether a place lies on the path: is the place itself or one above it. */
export function covers(place: string, path: string): boolean {
  return place === '*' || `/${path}/`.includes(`/${place}/`);
}
