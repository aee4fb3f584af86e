import type { FastifyServerOptions } from 'fastify';

/** How long a caller may take, in milliseconds; whoever takes longer is cut off. */
export interface Patience {
  /** From the first byte of a request to the end of its headers. */
  readonly headersMs: number;
  /** From the first byte of a request to its last. */
  readonly requestMs: number;
  /** Without a byte in either direction: a body that stops, an answer that nobody reads. */
  readonly silenceMs: number;
  /** Between an answer and the next request on the same connection. */
  readonly keepAliveMs: number;
  /** How often slow requests are looked for: so much later may they be cut off. */
  readonly lookMs: number;
}

/**
 * A phone at 3 Mbit/s sends the largest batch in 14 s; at the twentieth of that it takes five
 * minutes, which is what Node allows. A screen gives up an answer after a minute, a device after
 * half of one, so nobody waits for what comes after a minute of silence; the stream of changes says
 * something every 15 s. Proxies keep a connection for 60 s, so they close it, not we.
 */
export const defaultPatience: Patience = {
  headersMs: 20_000,
  requestMs: 300_000,
  silenceMs: 60_000,
  keepAliveMs: 72_000,
  lookMs: 5_000,
};

/** The same as settings of the HTTP server. */
export function patient(patience: Patience): FastifyServerOptions & { http: object } {
  const { headersMs, requestMs, silenceMs, keepAliveMs, lookMs } = patience;
  return {
    requestTimeout: requestMs,
    connectionTimeout: silenceMs,
    keepAliveTimeout: keepAliveMs,
    http: {
      headersTimeout: headersMs,
      requestTimeout: requestMs,
      connectionsCheckingInterval: lookMs,
    },
  };
}
