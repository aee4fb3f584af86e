import type { FastifyRequest } from 'fastify';
import { type Actor, mayAct } from '../../ledger/access.ts';
import type { Role } from '../../ledger/room.ts';
import type { RoundState } from '../../rooms/screening/index.ts';
import { specimenStages } from '../../rooms/results/index.ts';
import type { FieldPlace } from '../device/package.ts';
import type { Place, Roster } from '../postgres/roster.ts';
import { actorOf, placeOf, requireRole, type ServerContext } from './context.ts';

/** Who samples and visits: they are given people. */
const householdRoles: readonly Role[] = ['sampler', 'community', 'headquarters'];
/** Who is given anything at all: those, and whoever carries. */
const fieldRoles: readonly Role[] = [...householdRoles, 'courier'];

/** What a question about a place and a device concerns, and how deep the answer may go. */
export interface FieldScope {
  readonly actor: Actor;
  readonly device: string;
  readonly place: Place;
  readonly depth: 'household' | 'place';
  /** The place and everything below it, parents first. */
  readonly below: readonly Place[];
}

/** Works out what a device may be given; a problem when it may be given nothing there. */
export function scopeOf(
  context: ServerContext,
  request: FastifyRequest,
  asked: { readonly place: string; readonly device: string },
): FieldScope {
  const actor = actorOf(request);
  const place = placeOf(request, context, asked.place);
  requireRole(actor, fieldRoles, place);
  const depth = mayAct(actor, householdRoles, place.path) ? 'household' : 'place';
  return { actor, device: asked.device, place, depth, below: allBelow(context.roster(), place) };
}

function allBelow(roster: Roster, place: Place): Place[] {
  const found = [place];
  // The list grows while it is walked, so that parents stand before their children.
  for (const each of found) found.push(...roster.childrenOf(each.code));
  return found;
}

/** The places above, the place and those below; couriers are not given each building. */
export function placesOf(
  context: ServerContext,
  { place, depth, below }: FieldScope,
): FieldPlace[] {
  const roster = context.roster();
  const above = place.path.split('/').slice(0, -1);
  const parents = above.flatMap((code) => roster.places.get(code) ?? []);
  const homes = ['compound', 'building'];
  const shown = depth === 'household' ? below : below.filter(({ kind }) => !homes.includes(kind));
  return [...parents, ...shown].map(({ code, parent, kind, label }) => [
    code,
    parent,
    kind,
    label.zh,
    label.en,
  ]);
}

/** Rounds with an area that is the place, lies below it or holds it. */
export function touching(
  context: ServerContext,
  { place }: FieldScope,
  rounds: readonly RoundState[],
): RoundState[] {
  const { pathOf } = context.roster();
  const touches = (area: string): boolean => {
    const path = pathOf(area);
    if (path === null) return false;
    return `${path}/`.startsWith(`${place.path}/`) || `${place.path}/`.startsWith(`${path}/`);
  };
  return rounds.filter(({ areas }) => areas.some(touches));
}

/** Whose duties a device is shown: everybody's to who answers for the place, else their own. */
export function dutyOwners({ actor, place }: FieldScope): readonly string[] | null {
  if (mayAct(actor, ['community', 'headquarters'], place.path)) return null;
  return [`user:${actor.account}`, ...actor.grants.map(({ role }) => `role:${role}`)];
}

/** Stages of a specimen before a laboratory has it. */
export const stagesUnderWay: readonly string[] = Object.entries(specimenStages)
  .filter(([, link]) => link === 'collect' || link === 'deliver')
  .map(([stage]) => stage);
