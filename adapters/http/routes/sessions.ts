import type { FastifyInstance, FastifyRequest } from 'fastify';
import { type Static, Type } from 'typebox';
import { dayMs, instant, minuteMs } from '../../../kernel/instant.ts';
import type { Actor } from '../../../ledger/access.ts';
import * as accounts from '../../postgres/accounts.ts';
import { actorOf, type ServerContext } from '../context.ts';
import { hashToken, isPassword, newToken } from '../passwords.ts';
import { Problem } from '../problem.ts';

const credentials = Type.Object(
  {
    account: Type.String({ minLength: 1, maxLength: 64 }),
    password: Type.String({ minLength: 1, maxLength: 200 }),
  },
  { additionalProperties: false },
);

/** A shift and the way home; a device signs in again after it. */
const sessionMs = 14 * 60 * minuteMs;
/** Wrong passwords in a quarter of an hour before an account must wait. */
const failuresMax = 10;
const failureWindowMs = 15 * minuteMs;
const cacheMs = 3_000;
const cookieName = 'sextant_session';

/** Who is signed in, remembered for a few seconds so that a batch does not cost a look-up. */
class SessionCache {
  readonly #entries = new Map<string, { actor: Actor; until: number }>();

  find(key: string, now: number): Actor | null {
    const entry = this.#entries.get(key);
    return entry !== undefined && entry.until > now ? entry.actor : null;
  }

  keep(key: string, actor: Actor, now: number): void {
    if (this.#entries.size > 10_000) this.#entries.clear();
    this.#entries.set(key, { actor, until: now + cacheMs });
  }

  clear(): void {
    this.#entries.clear();
  }
}

/** Sign-in, sign-out, and who am I. Sessions are bearer tokens; browsers keep them in a cookie. */
export function registerSessions(app: FastifyInstance, context: ServerContext): void {
  const cache = new SessionCache();
  app.addHook('onRequest', async (request) => {
    const token = tokenOf(request);
    if (token === null) return;
    const now = Date.now();
    const tokenHash = hashToken(token);
    const key = tokenHash.toString('hex');
    const known = cache.find(key, now);
    request.actor = known ?? (await accounts.findSession(context.pool, tokenHash, instant(now)));
    if (known === null && request.actor !== null) cache.keep(key, request.actor, now);
  });
  app.post(
    '/v1/sessions',
    { schema: { body: credentials, summary: 'Sign in', tags: ['sessions'] } },
    async (request, reply) => {
      const { account, password } = request.body as Static<typeof credentials>;
      const now = instant(Date.now());
      const found = await checkPassword(context, { account, password, now });
      const { token, hash: tokenHash } = newToken();
      const expiresAt = instant(now + sessionMs);
      await accounts.insertSession(context.pool, { tokenHash, account, createdAt: now, expiresAt });
      void reply.header('set-cookie', cookie(token, sessionMs / 1000));
      return { token, account, roles: found.grants, expiresAt };
    },
  );
  app.get(
    '/v1/sessions/current',
    { schema: { summary: 'Who am I', tags: ['sessions'] } },
    async (request) => {
      const { account, grants } = actorOf(request);
      return { account, roles: grants };
    },
  );
  app.delete(
    '/v1/sessions/current',
    { schema: { summary: 'Sign out', tags: ['sessions'] } },
    async (request, reply) => {
      const token = tokenOf(request);
      if (token !== null) await accounts.deleteSession(context.pool, hashToken(token));
      cache.clear();
      void reply.header('set-cookie', cookie('', 0));
      return {};
    },
  );
}

async function checkPassword(
  context: ServerContext,
  {
    account,
    password,
    now,
  }: { account: string; password: string; now: ReturnType<typeof instant> },
): Promise<accounts.AccountRow> {
  const since = instant(now - failureWindowMs);
  const failures = await accounts.countFailures(context.pool, account, since);
  if (failures >= failuresMax) {
    throw new Problem('access.too-many-attempts', 'too many wrong passwords; wait 15 minutes');
  }
  const found = await accounts.findAccount(context.pool, account);
  // An unknown account costs the same time as a wrong password, so that names cannot be guessed.
  const hash = found?.passwordHash ?? dummyHash;
  const right = await isPassword(password, hash);
  if (found !== null && right && !found.disabled) return found;
  await accounts.noteFailure(context.pool, account, now);
  throw new Problem('access.wrong-password', 'account or password is wrong');
}

const dummyHash = `argon2id$19456$2$${'A'.repeat(22)}==$${'A'.repeat(43)}=`;

function cookie(token: string, seconds: number): string {
  return `${cookieName}=${token}; Path=/; HttpOnly; SameSite=Strict; Max-Age=${seconds}`;
}

function tokenOf(request: FastifyRequest): string | null {
  const header = request.headers.authorization;
  if (header?.startsWith('Bearer ') === true) return header.slice(7);
  const match = new RegExp(`(?:^|; )${cookieName}=([A-Za-z0-9_-]+)`).exec(
    request.headers.cookie ?? '',
  );
  return match?.[1] ?? null;
}

/** Sessions expired longer than a day ago are forgotten; called once in a while. */
export async function forgetOldSessions(context: ServerContext): Promise<void> {
  await context.pool.query('delete from sessions where expires_ms < $1', [Date.now() - dayMs]);
}
