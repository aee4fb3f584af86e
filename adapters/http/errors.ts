import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { AssertionFailure } from '../../kernel/assert.ts';
import { Fault } from '../fault.ts';
import { Problem, problemBody, retryAfterSeconds } from './problem.ts';

/** Every error becomes a problem; what is ours to mend goes into the log. */
export function answerErrors(app: FastifyInstance): void {
  const methodsAt = rememberRoutes(app);
  app.setErrorHandler((error: FastifyError, request, reply) => sendError(error, request, reply));
  app.setNotFoundHandler((request, reply) => {
    const path = request.url.split('?')[0] ?? '';
    const methods = methodsAt(path);
    if (methods.length === 0) {
      return send(new Problem('http.not-found', `nothing is at ${request.method} ${path}`), reply);
    }
    void reply.header('allow', methods.join(', '));
    const detail = `${path} takes ${methods.join(', ')}, not ${request.method}`;
    return send(new Problem('http.method-not-allowed', detail), reply);
  });
}

/** Answers one error; the framework calls it for addresses that it cannot read, too. */
export function sendError(
  error: FastifyError,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  const problem = problemOf(error);
  if (problem.status >= 500) request.log.error(logged(error, problem.code), 'http.failed');
  return send(problem, reply);
}

function send(problem: Problem, reply: FastifyReply): FastifyReply {
  const retryAfter = retryAfterSeconds(problem);
  if (retryAfter !== null) void reply.header('retry-after', String(retryAfter));
  return reply.code(problem.status).type('application/problem+json').send(problemBody(problem));
}

/** The methods that an address takes, whatever stands for its parameters. */
function rememberRoutes(app: FastifyInstance): (path: string) => string[] {
  const methods = new Map<string, Set<string>>();
  app.addHook('onRoute', ({ url, method }) => {
    const known = methods.get(url) ?? new Set();
    for (const each of [method].flat()) known.add(each);
    methods.set(url, known);
  });
  return (path) => {
    const fitting = [...methods].filter(([url]) => expressionOf(url).test(path));
    return [...new Set(fitting.flatMap(([, known]) => [...known]))].sort();
  };
}

function expressionOf(url: string): RegExp {
  const parts = url
    .split('/')
    .map((part) => (part.startsWith(':') ? '[^/]+' : RegExp.escape(part)));
  return new RegExp(`^${parts.join('/')}/?$`);
}

const fastifyCodes: { readonly [code: string]: string } = {
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'http.unsupported-media-type',
  FST_ERR_CTP_BODY_TOO_LARGE: 'http.body-too-large',
};

function problemOf(error: FastifyError): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof Fault) {
    const status = error.retry === 'later' ? { status: 503 } : {};
    return new Problem(error.code, error.message, status);
  }
  const code = fastifyCodes[error.code];
  if (code !== undefined) return new Problem(code, error.message);
  const { statusCode = 500 } = error;
  if (error.code?.startsWith('FST_ERR_') && statusCode < 500) {
    return new Problem('http.malformed-request', error.message);
  }
  if (error.code === diskFull) return noRoom();
  if (!(error instanceof AssertionFailure) && isConnectionLoss(error)) {
    return new Problem('database.unreachable', 'the database does not answer; try again');
  }
  return new Problem('http.bug', 'the program failed; it has been logged');
}

/** SQLSTATE 53100, whether one statement found no room or PostgreSQL ended for want of it. */
const diskFull = '53100';

/** What is said when there is no room: nothing was recorded, and nothing is lost by waiting. */
export function noRoom(): Problem {
  const detail = 'the disk of the database is full; nothing was recorded: make room on it';
  return new Problem('server.no-room', detail);
}

/**
 * SQLSTATE classes 08 (connection) and 57 (operator intervention), 53300 (no connection left),
 * sockets that went away, and what the client library says of them without a code.
 */
function isConnectionLoss(error: Error & { readonly code?: string }): boolean {
  const { code = '', message } = error;
  if (/^(08|57|53300)/.test(code)) return true;
  if (/^(ECONN|EPIPE|ENOENT|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|EAI_AGAIN)/.test(code)) return true;
  return /^(Connection terminated|Client has encountered a connection error)/.test(message);
}

/**
 * What the log may hold of an error. PostgreSQL and the parsers quote the values that they stumble
 * over, and those may be names: of their errors only code and place are kept (promise P6).
 */
function logged(error: FastifyError, code: string): object {
  const isOurs = error instanceof AssertionFailure || error instanceof Fault;
  const message = isOurs ? { message: error.message } : {};
  const frames = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
  const { name, code: cause } = error;
  return { code, name, cause, ...message, stack: frames.join('\n') };
}
