import type { FastifyInstance } from 'fastify';
import { type Static, Type } from 'typebox';
import { formatInstant, instant } from '../../../kernel/instant.ts';
import { mayAct } from '../../../ledger/access.ts';
import { findWeakSettings } from '../../postgres/durability.ts';
import { actorOf, type ServerContext } from '../context.ts';
import type { Admission } from '../admission.ts';
import { Problem } from '../problem.ts';

const clockBody = Type.Object(
  { now: Type.Integer({ minimum: 0, maximum: 8_640_000_000_000_000 }) },
  { additionalProperties: false },
);

/** At most this often is a screen told that something changed. */
const tellingMs = 1_000;
/** Proxies close a silent stream, and so do we; a comment so often keeps it open, in ms. */
export const heartbeatMs = 15_000;

/** Health, the clock, and the stream that tells screens when to look again. */
export function registerLive(
  app: FastifyInstance,
  context: ServerContext,
  { streams }: Admission,
): void {
  const tags = ['live'];
  app.get('/v1/health', { schema: { summary: 'Is the server up', tags } }, async () => {
    // Asked of PostgreSQL each time: a setting can be turned off while everything runs.
    const weak = await findWeakSettings(context.pool);
    const clock = context.clock.drive === null ? 'system' : 'driven';
    return {
      ok: true,
      now: formatInstant(context.clock.now()),
      clock,
      receipt: context.lastReceipt(),
      durable: weak.length === 0,
      weak,
      room: context.hasRoom(),
    };
  });
  app.post(
    '/v1/clock',
    { schema: { body: clockBody, summary: 'Set a driven clock', tags } },
    async (request) => {
      // The clock is everybody's: only an administrator of everything sets it.
      if (!mayAct(actorOf(request), ['admin'], '*')) {
        throw new Problem('access.not-permitted', 'needs the role admin everywhere');
      }
      const { drive } = context.clock;
      if (drive === null) {
        throw new Problem('server.clock-not-driven', 'this server goes by the machine’s time');
      }
      drive(instant((request.body as Static<typeof clockBody>).now));
      return { now: context.clock.now() };
    },
  );
  // Asked for its head alone, a stream would keep the connection for nothing.
  const stream = { schema: { summary: 'Stream of changes', tags }, exposeHeadRoute: false };
  app.get('/v1/live', stream, (request, reply) => {
    actorOf(request);
    const leave = streams.enter();
    reply.hijack();
    const { raw } = reply;
    raw.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
    let told = -1;
    let timer: NodeJS.Timeout | null = null;
    const tell = (): void => {
      timer = null;
      const receipt = context.lastReceipt();
      if (receipt === told) return;
      told = receipt;
      const data = JSON.stringify({ receipt, asOf: formatInstant(context.clock.now()) });
      raw.write(`event: receipt\ndata: ${data}\n\n`);
      timer = setTimeout(tell, tellingMs);
    };
    tell();
    const stop = context.onCommit(() => {
      if (timer === null) tell();
    });
    const heartbeat = setInterval(() => raw.write(': here\n\n'), heartbeatMs);
    request.raw.on('close', () => {
      leave();
      stop();
      clearInterval(heartbeat);
      if (timer !== null) clearTimeout(timer);
    });
  });
}
