import type { FastifyInstance } from 'fastify';
import { type Static, Type } from 'typebox';
import { instant } from '../../../kernel/instant.ts';
import { type Actor, type Grant, mayAct } from '../../../ledger/access.ts';
import { roles } from '../../../ledger/room.ts';
import * as accounts from '../../postgres/accounts.ts';
import { inTransaction } from '../../postgres/database.ts';
import { actorWith, type ServerContext } from '../context.ts';
import { hashPassword } from '../passwords.ts';
import { Problem } from '../problem.ts';
import type { SessionCache } from '../session-cache.ts';

const strict = { additionalProperties: false };
const grant = Type.Object(
  {
    role: Type.Union(roles.map((role) => Type.Literal(role))),
    place: Type.String({ minLength: 1, maxLength: 80 }),
  },
  strict,
);
const password = Type.String({ minLength: 8, maxLength: 200 });
const account = Type.String({ pattern: '^[a-z0-9][a-z0-9._-]{1,62}$' });
const newAccount = Type.Object(
  { account, password, roles: Type.Array(grant, { maxItems: 100 }) },
  strict,
);
const change = Type.Object(
  {
    password: Type.Optional(password),
    roles: Type.Optional(Type.Array(grant, { maxItems: 100 })),
    disabled: Type.Optional(Type.Boolean()),
  },
  strict,
);

/** Accounts: who may be what, where. The last administrator cannot be removed. */
export function registerAccounts(
  app: FastifyInstance,
  context: ServerContext,
  sessions: SessionCache,
): void {
  const tags = ['accounts'];
  app.get('/v1/accounts', { schema: { summary: 'All accounts', tags } }, async (request) => {
    const admin = actorWith(request, ['admin']);
    const all = await accounts.listAccounts(context.pool);
    const rows = all.filter(({ grants }) => mayManage(context, admin, grants));
    return {
      rows: rows.map(({ account: name, grants, disabled }) => ({
        account: name,
        roles: grants,
        disabled,
      })),
    };
  });
  app.post(
    '/v1/accounts',
    { schema: { body: newAccount, summary: 'Make an account', tags } },
    async (request, reply) => {
      const admin = actorWith(request, ['admin']);
      const body = request.body as Static<typeof newAccount>;
      checkGrants(context, admin, body.roles);
      const made = await accounts.insertAccount(context.pool, {
        account: body.account,
        passwordHash: await hashPassword(body.password),
        grants: body.roles,
        createdAt: instant(Date.now()),
      });
      if (!made) throw new Problem('accounts.name-taken', `there is an account ${body.account}`);
      void reply.code(201);
      return { account: body.account, roles: body.roles };
    },
  );
  app.patch(
    '/v1/accounts/:account',
    {
      schema: {
        params: Type.Object({ account: Type.String() }),
        body: change,
        summary: 'Change an account',
        tags,
      },
    },
    async (request) => {
      const admin = actorWith(request, ['admin']);
      const { account: name } = request.params as { account: string };
      const body = request.body as Static<typeof change>;
      if (body.roles !== undefined) checkGrants(context, admin, body.roles);
      await changeAccount(context, name, { ...body, admin });
      // What was taken away is gone at once, and not when the sessions are looked up again.
      sessions.clear();
      return { account: name };
    },
  );
}

async function changeAccount(
  context: ServerContext,
  name: string,
  { admin, ...body }: Static<typeof change> & { admin: Actor },
): Promise<void> {
  const passwordHash =
    body.password === undefined ? {} : { passwordHash: await hashPassword(body.password) };
  const disabledAt =
    body.disabled === undefined ? {} : { disabledAt: body.disabled ? instant(Date.now()) : null };
  const grants = body.roles === undefined ? {} : { grants: body.roles };
  await inTransaction(context.pool, async (client) => {
    const before = await accounts.findAccount(client, name);
    if (before !== null && !mayManage(context, admin, before.grants)) {
      throw new Problem('access.not-permitted', `${name} has roles beyond your places`);
    }
    const outcome = await accounts.changeAccount(client, {
      account: name,
      ...grants,
      ...passwordHash,
      ...disabledAt,
    });
    if (outcome === 'unknown') {
      throw new Problem('accounts.unknown-account', `there is no account ${name}`);
    }
    if (outcome === 'last-admin') {
      throw new Problem('accounts.last-admin', 'nobody would be left who may manage accounts');
    }
  });
}

/** An administrator of a place manages accounts whose roles are all held there or below it. */
function mayManage(context: ServerContext, admin: Actor, grants: readonly Grant[]): boolean {
  const { pathOf } = context.roster();
  return grants.every(({ place }) => mayAct(admin, ['admin'], pathOf(place) ?? everywhere));
}

/** Lies below nothing, so only a role that is held everywhere covers it. */
const everywhere = '*';

function checkGrants(context: ServerContext, admin: Actor, grants: readonly Grant[]): void {
  for (const [index, { place }] of grants.entries()) {
    const where = `/roles/${index}/place`;
    if (place !== everywhere && !context.roster().places.has(place)) {
      throw new Problem('places.unknown-place', `no place has code ${place}`, { where });
    }
    if (mayManage(context, admin, grants.slice(index, index + 1))) continue;
    throw new Problem('access.not-permitted', `you are no administrator of ${place}`, { where });
  }
}
