import type { FastifyInstance } from 'fastify';
import { type Static, Type } from 'typebox';
import { instant } from '../../../kernel/instant.ts';
import type { Grant } from '../../../ledger/access.ts';
import { roles } from '../../../ledger/room.ts';
import * as accounts from '../../postgres/accounts.ts';
import { inTransaction } from '../../postgres/database.ts';
import { actorWith, type ServerContext } from '../context.ts';
import { hashPassword } from '../passwords.ts';
import { Problem } from '../problem.ts';

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
export function registerAccounts(app: FastifyInstance, context: ServerContext): void {
  const tags = ['accounts'];
  app.get('/v1/accounts', { schema: { summary: 'All accounts', tags } }, async (request) => {
    actorWith(request, ['admin']);
    const rows = await accounts.listAccounts(context.pool);
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
      actorWith(request, ['admin']);
      const body = request.body as Static<typeof newAccount>;
      checkPlaces(context, body.roles);
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
      actorWith(request, ['admin']);
      const { account: name } = request.params as { account: string };
      return changeAccount(context, name, request.body as Static<typeof change>);
    },
  );
}

async function changeAccount(
  context: ServerContext,
  name: string,
  body: Static<typeof change>,
): Promise<{ account: string }> {
  if (body.roles !== undefined) checkPlaces(context, body.roles);
  const passwordHash =
    body.password === undefined ? {} : { passwordHash: await hashPassword(body.password) };
  const disabledAt =
    body.disabled === undefined ? {} : { disabledAt: body.disabled ? instant(Date.now()) : null };
  const grants = body.roles === undefined ? {} : { grants: body.roles };
  await inTransaction(context.pool, async (client) => {
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
  return { account: name };
}

function checkPlaces(context: ServerContext, grants: readonly Grant[]): void {
  for (const [index, { place }] of grants.entries()) {
    if (place === '*' || context.roster().places.has(place)) continue;
    throw new Problem('places.unknown-place', `no place has code ${place}`, {
      where: `/roles/${index}/place`,
    });
  }
}
