import { type EmbeddedOptions, type EmbeddedServer, startEmbedded } from './embedded.ts';

const lookMs = 500;
const restMsMax = 15_000;

/** An embedded server that is started again whenever it has ended without being told to. */
export interface KeptServer {
  readonly server: EmbeddedServer;
  /** Ends our use of it, and the watching. */
  readonly stop: () => Promise<void>;
}

/**
 * Starts the embedded server and keeps it up. PostgreSQL restarts its own processes; what it does
 * not survive is its first process being killed, and a recovery that finds no room on the disk.
 *
 * States: *watching*, a look every half second; *starting* when it is gone, tried again after a
 * rest that doubles up to a quarter of a minute; *stopped*.
 */
export async function keepEmbedded(options: EmbeddedOptions): Promise<KeptServer> {
  const server = await startEmbedded(options);
  const log = options.log ?? (() => undefined);
  let current = server;
  let isStopped = false;
  let restMs = lookMs;
  let timer: NodeJS.Timeout;
  let work: Promise<void> = Promise.resolve();
  const look = async (): Promise<void> => {
    if (current.isRunning()) {
      restMs = lookMs;
      return;
    }
    log('PostgreSQL has ended; it is started again.');
    try {
      // At the same port: every connection string names it.
      const next = await startEmbedded({ ...options, port: server.port });
      const earlier = current;
      current = next;
      await earlier.stop();
    } catch (error) {
      restMs = Math.min(restMsMax, 2 * restMs);
      log(`It did not start: ${error instanceof Error ? error.message : String(error)}`);
    }
  };
  const again = (): void => {
    if (isStopped) return;
    timer = setTimeout(() => {
      work = look().finally(again);
    }, restMs);
    // A command that has done its work may end.
    timer.unref();
  };
  again();
  const stop = async (): Promise<void> => {
    isStopped = true;
    clearTimeout(timer);
    await work;
    await current.stop();
  };
  return { server, stop };
}
