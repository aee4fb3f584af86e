import type { FastifyRequest } from 'fastify';
import { Problem } from './problem.ts';

const safeMethods: readonly string[] = ['GET', 'HEAD', 'OPTIONS'];

/**
 * Refuses a change that another site's page asks a browser to make. A browser sends the cookie by
 * itself, so a request that stands on it must show that it comes from our own pages:
 * `Sec-Fetch-Site`, which no page can forge, or else `Origin`, for pages on plain HTTP. A bearer
 * token is never sent by itself and proves enough.
 */
export function refuseCrossSite(request: FastifyRequest, hasCookie: boolean): void {
  if (safeMethods.includes(request.method)) return;
  const verdict = isSameOrigin(request);
  if (verdict === true || (verdict === null && !hasCookie)) return;
  throw new Problem('access.cross-site', 'this change was asked for by another site’s page');
}

/** Null when the request does not say where it comes from, as programs do. */
function isSameOrigin({ headers }: FastifyRequest): boolean | null {
  const site = headers['sec-fetch-site'];
  if (site !== undefined) return site === 'same-origin';
  const { origin } = headers;
  if (origin === undefined) return null;
  return URL.canParse(origin) && new URL(origin).host === headers.host;
}
