import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import fastify, { type FastifyInstance, type FastifyServerOptions, LogController } from 'fastify';
import { limits } from '../../kernel/limits.ts';
import type { Actor } from '../../ledger/access.ts';
import { admitRequests, type Capacity, defaultCapacity } from './admission.ts';
import type { ServerContext } from './context.ts';
import { DeviceCache } from './device-keys.ts';
import { answerErrors, sendError } from './errors.ts';
import { defaultPatience, type Patience, patient } from './patience.ts';
import { registerAccounts } from './routes/accounts.ts';
import { registerActs } from './routes/acts.ts';
import { registerBoard } from './routes/board.ts';
import { registerDevices } from './routes/devices.ts';
import { registerFacts } from './routes/facts.ts';
import { registerField } from './routes/field.ts';
import { registerLabels } from './routes/labels.ts';
import { registerLists } from './routes/lists.ts';
import { registerLive } from './routes/live.ts';
import { registerRegisters } from './routes/registers.ts';
import { registerSessions } from './routes/sessions.ts';
import { registerTraces } from './routes/traces.ts';
import { registerTrend } from './routes/trend.ts';
import { SessionCache } from './session-cache.ts';
import { acceptJsonOnly, checkRequest } from './validate.ts';

/** How the surface is made for a server, a command or a test. */
export interface AppOptions {
  readonly logLevel: string;
  /** Where the lines of the log go; standard output when left out. */
  readonly logTo?: { readonly write: (line: string) => void };
  /** Who asks when there is no network between. */
  readonly local?: Actor;
  /** Tests have less of both. */
  readonly patience?: Partial<Patience>;
  readonly capacity?: Partial<Capacity>;
}

/** Sockets that are open at once; one more is closed again. An idle one takes some 20 kB. */
const connectionsMax = 20_000;

/** The HTTP surface: one schema a route, problems with stable codes, OpenAPI from the schemas. */
export async function createApp(
  context: ServerContext,
  options: AppOptions,
): Promise<FastifyInstance> {
  const app = fastify({
    ...logging(options),
    ...patient({ ...defaultPatience, ...options.patience }),
    bodyLimit: limits.requestBodyBytesMax,
    routerOptions: { maxParamLength: 400 },
    forceCloseConnections: true,
    frameworkErrors: sendError,
  });
  const capacity = { ...defaultCapacity, ...options.capacity };
  app.server.maxConnections = connectionsMax;
  app.decorateRequest('actor', null);
  const admission = admitRequests(app, context, capacity);
  // The command line asks the same routes without a network; whoever has the database is trusted.
  app.addHook('onRequest', async (request) => {
    if (options.local !== undefined) request.actor = options.local;
  });
  acceptJsonOnly(app);
  app.setValidatorCompiler(checkRequest);
  // Replies are written by our own code and checked by its types; the schemas document them.
  app.setSerializerCompiler(() => (data) => JSON.stringify(data));
  answerErrors(app);
  await app.register(swagger, {
    openapi: { info: { title: 'Sextant', version: '1', description: 'From swab to ward' } },
  });
  await app.register(swaggerUi, { routePrefix: '/v1/docs' });
  const sessions = new SessionCache();
  registerSessions(app, context, { cache: sessions, passwords: admission.passwords });
  registerAccounts(app, context, sessions);
  const devices = new DeviceCache();
  registerDevices(app, context, devices);
  registerField(app, context);
  registerFacts(app, context, devices);
  registerActs(app, context);
  registerBoard(app, context);
  registerLists(app, context);
  registerTraces(app, context);
  registerTrend(app, context, admission);
  registerRegisters(app, context, admission);
  registerLabels(app, context, admission);
  registerLive(app, context, admission);
  return app;
}

function logging({ logLevel, logTo }: AppOptions): FastifyServerOptions {
  const stream = logTo === undefined ? {} : { stream: logTo };
  return {
    logger: logLevel === 'silent' ? false : { level: logLevel, ...stream },
    // A line a request would name paths and queries, and those of searches hold names.
    logController: new LogController({ disableRequestLogging: true }),
  };
}
