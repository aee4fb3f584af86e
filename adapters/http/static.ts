import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';

const built = (name: string): string =>
  fileURLToPath(new URL(`../../dist/${name}/`, import.meta.url));

/** Serves the built board; hashed files are kept by browsers for a year, the page never. */
export async function serveBoard(app: FastifyInstance): Promise<void> {
  await serve(app, {
    root: built('board'),
    prefix: '/',
    decorateReply: true,
    policy: "default-src 'self'; style-src 'self' 'unsafe-inline'; frame-ancestors 'none'",
  });
}

/**
 * Serves the built field app at /field/. Its scanner may be compiled from a wasm file of ours and
 * sees the camera's picture; nothing comes from or goes to anywhere else.
 */
export async function serveField(app: FastifyInstance): Promise<void> {
  const policy =
    "default-src 'self'; style-src 'self' 'unsafe-inline'; script-src 'self' 'wasm-unsafe-eval'; " +
    "worker-src 'self' blob:; media-src 'self' blob:; frame-ancestors 'none'";
  const root = built('field');
  if (!existsSync(root)) return;
  app.get('/field', { schema: { hide: true } }, (_request, reply) =>
    reply.redirect('/field/', 308),
  );
  await serve(app, { root, prefix: '/field/', decorateReply: false, policy });
}

interface Served {
  readonly root: string;
  readonly prefix: string;
  /** Only the first of several may add its function to the replies. */
  readonly decorateReply: boolean;
  readonly policy: string;
}

async function serve(app: FastifyInstance, served: Served): Promise<void> {
  const { root, prefix, decorateReply, policy } = served;
  if (!existsSync(root)) return;
  await app.register(fastifyStatic, {
    root,
    prefix,
    decorateReply,
    cacheControl: false,
    // The build has put a packed twin beside every file that gets smaller by it.
    preCompressed: true,
    setHeaders: (reply, path) => {
      const forever = path.includes('/assets/');
      void reply.header(
        'cache-control',
        forever ? 'public, max-age=31536000, immutable' : 'no-cache',
      );
      void reply.header('x-content-type-options', 'nosniff');
      void reply.header('referrer-policy', 'no-referrer');
      void reply.header('content-security-policy', policy);
    },
  });
}
