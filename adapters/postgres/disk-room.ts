import { statfsSync } from 'node:fs';

const mebi = 1024 * 1024;
/** Read at most so often: a statfs is microseconds, and a batch arrives every few of them. */
const keptMs = 250;

/**
 * What is left free when new facts are refused, in bytes: 256 MB, on a small disk a twentieth of
 * it, never less than 48 MB. PostgreSQL that finds no room for its log ends, and ends again at the
 * start because recovery writes too: three segments of 16 MB let it, and what waits when the limit
 * is reached (40,000 facts of about 2 kB) is still committed.
 */
export function reservedBytes(diskBytes: number): number {
  return Math.max(48 * mebi, Math.min(256 * mebi, diskBytes / 20));
}

/** Tells whether the disk of a folder has room for more than the reserve; always for null. */
export function watchRoom(folder: string | null): () => boolean {
  let hasRoom = true;
  let lookedAt = -Infinity;
  return () => {
    const now = performance.now();
    if (folder === null || now - lookedAt < keptMs) return hasRoom;
    lookedAt = now;
    const { bsize, blocks, bavail } = statfsSync(folder);
    hasRoom = bsize * bavail >= reservedBytes(bsize * blocks);
    return hasRoom;
  };
}
