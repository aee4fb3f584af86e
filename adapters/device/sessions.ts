import type { Actor, Grant } from '../../ledger/access.ts';
import { Fault } from '../fault.ts';
import { type Headquarters, HeadquartersProblem } from './headquarters.ts';

/** Who works on the device, and by which sessions it may send what each account recorded. */
export interface Sessions {
  readonly current: Actor | null;
  /** Tokens by account: somebody who signed out still has what waits delivered as themselves. */
  readonly tokens: { readonly [account: string]: string };
}

/** Nobody has signed in yet. */
export const noSessions: Sessions = { current: null, tokens: {} };

/** Asks headquarters for a session. */
export async function openSession(
  headquarters: Headquarters,
  credentials: { readonly account: string; readonly password: string },
): Promise<{ readonly actor: Actor; readonly token: string }> {
  try {
    const answer = await headquarters.ask('/v1/sessions', { json: credentials });
    const session = readSession(answer);
    if (session !== null) return session;
  } catch (error) {
    const isWrong = error instanceof HeadquartersProblem && error.status === 401;
    if (isWrong) throw new Fault('device.wrong-password', error.message, { cause: error });
    throw error;
  }
  throw new Fault('device.answer-unreadable', 'no session came back', { retry: 'later' });
}

function readSession(value: unknown): { actor: Actor; token: string } | null {
  if (typeof value !== 'object' || value === null) return null;
  if (!('token' in value) || !('account' in value) || !('roles' in value)) return null;
  const { token, account, roles } = value;
  if (typeof token !== 'string' || typeof account !== 'string' || !Array.isArray(roles))
    return null;
  // Headquarters judges every fact again; a wrong grant only misleads the screens.
  return { token, actor: { account, grants: roles as Grant[] } };
}

/** Without the token of an account. */
export function withoutToken(sessions: Sessions, account: string): Sessions {
  const { [account]: _gone, ...tokens } = sessions.tokens;
  return { ...sessions, tokens };
}
