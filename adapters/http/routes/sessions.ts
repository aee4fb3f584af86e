import type { FastifyInstance, FastifyRequest } from 'fastify';
import { type Static, Type } from 'typebox';
import { dayMs, instant, type Instant, minuteMs } from '../../../kernel/instant.ts';
import type { Actor } from '../../../ledger/access.ts';
import * as accounts from '../../postgres/accounts.ts';
import type { Gate } from '../admission.ts';
import { actorOf, type ServerContext } from '../context.ts';
import { refuseCrossSite } from '../cross-site.ts';
import { hashToken, isPassword, newToken } from '../passwords.ts';
import { Problem } from '../problem.ts';
import type { SessionCache } from '../session-cache.ts';

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
const cookieName = 'sextant_session';

/** Sign-in, sign-out, and who am I. Sessions are bearer tokens; browsers keep them in a cookie. */
export function registerSessions(
  app: FastifyInstance,
  context: ServerContext,
  { cache, passwords }: { cache: SessionCache; passwords: Gate },
): void {
  app.addHook('onRequest', async (request) => {
    const bearer = bearerOf(request);
    const token = bearer ?? cookieOf(request);
    if (bearer === null) refuseCrossSite(request, token !== null);
    if (token !== null) request.actor = await whoHas(token);
    if (!isOpen(request)) actorOf(request);
  });
  const whoHas = async (token: string): Promise<Actor | null> => {
    const now = Date.now();
    const tokenHash = hashToken(token);
    const key = tokenHash.toString('hex');
    const known = cache.find(key, now);
    if (known !== null) return known;
    const found = await accounts.findSession(context.pool, tokenHash, instant(now));
    if (found !== null) cache.keep(key, found, now);
    return found;
  };
  const attempts = new Turns();
  app.post(
    '/v1/sessions',
    { schema: { body: credentials, summary: 'Sign in', tags: ['sessions'] } },
    async (request, reply) => {
      const { account, password } = request.body as Static<typeof credentials>;
      const now = instant(Date.now());
      const attempt = { account, password, now };
      const found = await passwords.within(() =>
        attempts.take(account, () => checkPassword(context, attempt)),
      );
      const { token, hash: tokenHash } = newToken();
      const expiresAt = instant(now + sessionMs);
      await accounts.insertSession(context.pool, { tokenHash, account, createdAt: now, expiresAt });
      await forgetOldSessions(context, now);
      void reply.header('set-cookie', cookie(request, token, sessionMs / 1000));
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
      const token = bearerOf(request) ?? cookieOf(request);
      if (token !== null) await accounts.deleteSession(context.pool, hashToken(token));
      cache.clear();
      void reply.header('set-cookie', cookie(request, '', 0));
      return {};
    },
  );
}

/** What anybody may ask: signing in and out, health, the documentation, the pages themselves. */
const openRoutes: readonly string[] = ['/v1/sessions', '/v1/health'];

function isOpen({ method, routeOptions: { url } }: FastifyRequest): boolean {
  if (url === undefined || !url.startsWith('/v1/') || url.startsWith('/v1/docs')) return true;
  return openRoutes.includes(url) || (method === 'DELETE' && url === '/v1/sessions/current');
}

/** Attempts on one account, one after the other: at once, each would find room for itself. */
class Turns {
  readonly #last = new Map<string, Promise<void>>();

  async take<T>(name: string, run: () => Promise<T>): Promise<T> {
    const before = this.#last.get(name);
    const { promise: over, resolve: end } = Promise.withResolvers<void>();
    this.#last.set(name, over);
    await before;
    try {
      return await run();
    } finally {
      if (this.#last.get(name) === over) this.#last.delete(name);
      end();
    }
  }
}

interface Attempt {
  readonly account: string;
  readonly password: string;
  readonly now: Instant;
}

async function checkPassword(
  context: ServerContext,
  { account, password, now }: Attempt,
): Promise<accounts.AccountRow> {
  const found = await accounts.findAccount(context.pool, account);
  // What is typed for an account may be a name or a telephone number, so it is not kept as it is.
  const key = found?.account ?? hashToken(account).toString('base64url');
  const since = instant(now - failureWindowMs);
  const failures = await accounts.countFailures(context.pool, key, since);
  if (failures >= failuresMax) {
    throw new Problem('access.too-many-attempts', 'too many wrong passwords; wait 15 minutes');
  }
  // An unknown account costs the same time as a wrong password, so that names cannot be guessed.
  const hash = found?.passwordHash ?? dummyHash;
  const right = await isPassword(password, hash);
  if (found !== null && right && !found.disabled) return found;
  await accounts.noteFailure(context.pool, key, now);
  throw new Problem('access.wrong-password', 'account or password is wrong');
}

const dummyHash = `argon2id$19456$2$${'A'.repeat(22)}==$${'A'.repeat(43)}=`;

function cookie(request: FastifyRequest, token: string, seconds: number): string {
  // Behind a proxy that speaks TLS the request itself comes in plain HTTP.
  const isSafe = (request.headers['x-forwarded-proto'] ?? request.protocol) === 'https';
  const secure = isSafe ? '; Secure' : '';
  return `${cookieName}=${token}; Path=/; HttpOnly; SameSite=Strict; Max-Age=${seconds}${secure}`;
}

function bearerOf({ headers }: FastifyRequest): string | null {
  const { authorization } = headers;
  return authorization?.startsWith('Bearer ') === true ? authorization.slice(7) : null;
}

const cookiePattern = new RegExp(`(?:^|; )${cookieName}=([A-Za-z0-9_-]+)`);

function cookieOf({ headers }: FastifyRequest): string | null {
  return cookiePattern.exec(headers.cookie ?? '')?.[1] ?? null;
}

/** Sessions expired longer than a day ago are forgotten, whenever somebody signs in. */
async function forgetOldSessions({ pool }: ServerContext, now: Instant): Promise<void> {
  await pool.query('delete from sessions where expires_ms < $1', [now - dayMs]);
}
