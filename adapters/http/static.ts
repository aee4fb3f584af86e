import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';

const board = fileURLToPath(new URL('../../dist/board/', import.meta.url));

/** Serves the built board; hashed files are kept by browsers for a year, the page never. */
export async function serveBoard(app: FastifyInstance): Promise<void> {
  if (!existsSync(board)) return;
  await app.register(fastifyStatic, {
    root: board,
    cacheControl: false,
    preCompressed: false,
    setHeaders: (reply, path) => {
      const forever = path.includes('/assets/');
      void reply.header(
        'cache-control',
        forever ? 'public, max-age=31536000, immutable' : 'no-cache',
      );
      void reply.header('x-content-type-options', 'nosniff');
      void reply.header('referrer-policy', 'no-referrer');
      void reply.header(
        'content-security-policy',
        "default-src 'self'; style-src 'self' 'unsafe-inline'; frame-ancestors 'none'",
      );
    },
  });
}
