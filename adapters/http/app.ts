import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import fastify, { type FastifyError, type FastifyInstance, type FastifyRequest } from 'fastify';
import { Compile } from 'typebox/compile';
import { Convert } from 'typebox/value';
import type { TSchema } from 'typebox';
import { AssertionFailure } from '../../kernel/assert.ts';
import { limits } from '../../kernel/limits.ts';
import type { Actor } from '../../ledger/access.ts';
import { firstFault } from '../../ledger/catalogue.ts';
import { Fault } from '../fault.ts';
import type { ServerContext } from './context.ts';
import { Problem, problemBody } from './problem.ts';
import { registerAccounts } from './routes/accounts.ts';
import { registerActs } from './routes/acts.ts';
import { registerBoard } from './routes/board.ts';
import { registerFacts } from './routes/facts.ts';
import { registerLists } from './routes/lists.ts';
import { registerLive } from './routes/live.ts';
import { registerRegisters } from './routes/registers.ts';
import { registerSessions } from './routes/sessions.ts';
import { registerTraces } from './routes/traces.ts';

/** The HTTP surface: one schema a route, problems with stable codes, OpenAPI from the schemas. */
export async function createApp(
  context: ServerContext,
  options: { logLevel: string; local?: Actor },
): Promise<FastifyInstance> {
  const app = fastify({
    logger: options.logLevel === 'silent' ? false : { level: options.logLevel },
    disableRequestLogging: true,
    bodyLimit: limits.requestBodyBytesMax,
    routerOptions: { maxParamLength: 400 },
    forceCloseConnections: true,
  });
  app.decorateRequest('actor', null);
  // The command line asks the same routes without a network; whoever has the database is trusted.
  app.addHook('onRequest', async (request) => {
    if (options.local !== undefined) request.actor = options.local;
  });
  app.setValidatorCompiler(({ schema, httpPart }) => validator(schema as TSchema, httpPart ?? 'body'));
  // Replies are written by our own code and checked by its types; the schemas document them.
  app.setSerializerCompiler(() => (data) => JSON.stringify(data));
  app.setErrorHandler((error: FastifyError, request, reply) => {
    const problem = problemOf(error);
    if (problem.status >= 500) request.log.error({ err: error, code: problem.code }, 'http.failed');
    void reply.code(problem.status).type('application/problem+json').send(problemBody(problem));
  });
  app.setNotFoundHandler((request: FastifyRequest, reply) => {
    const problem = new Problem('http.not-found', `nothing is at ${request.method} ${request.url}`);
    void reply.code(problem.status).type('application/problem+json').send(problemBody(problem));
  });
  await app.register(swagger, {
    openapi: { info: { title: 'Sextant', version: '1', description: 'From swab to ward' } },
  });
  await app.register(swaggerUi, { routePrefix: '/v1/docs' });
  registerSessions(app, context);
  registerAccounts(app, context);
  registerFacts(app, context);
  registerActs(app, context);
  registerBoard(app, context);
  registerLists(app, context);
  registerTraces(app, context);
  registerRegisters(app, context);
  registerLive(app, context);
  return app;
}

/** Query strings and paths carry text, so numbers in them are converted; bodies are taken as sent. */
function validator(schema: TSchema, httpPart: string): (data: unknown) => ValidationOutcome {
  const check = Compile(schema);
  return (data) => {
    const value = httpPart === 'body' ? data : Convert(schema, data);
    const fault = firstFault(check, value);
    if (fault === null) return { value };
    const error = new Problem('http.malformed-request', fault.detail, { where: fault.where });
    return { error };
  };
}

type ValidationOutcome = { value: unknown } | { error: Error };

const fastifyCodes: { readonly [code: string]: string } = {
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'http.unsupported-media-type',
  FST_ERR_CTP_BODY_TOO_LARGE: 'http.body-too-large',
  FST_ERR_CTP_EMPTY_JSON_BODY: 'http.malformed-json',
  FST_ERR_CTP_INVALID_JSON_BODY: 'http.malformed-json',
};

function problemOf(error: FastifyError): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof Fault) {
    const status = error.retry === 'later' ? { status: 503 } : {};
    return new Problem(error.code, error.message, status);
  }
  if (error instanceof SyntaxError) {
    return new Problem('http.malformed-json', 'the body is not JSON', { where: '/' });
  }
  const code = fastifyCodes[error.code];
  if (code !== undefined) return new Problem(code, error.message);
  if (!(error instanceof AssertionFailure) && isConnectionLoss(error)) {
    return new Problem('database.unreachable', 'the database does not answer; try again');
  }
  return new Problem('http.bug', 'the program failed; it has been logged');
}

// SQLSTATE classes 08 (connection) and 57 (operator intervention), and sockets that went away.
function isConnectionLoss(error: FastifyError): boolean {
  return /^(08|57)/.test(error.code ?? '') || /^(ECONN|EPIPE|ENOENT)/.test(error.code ?? '');
}
