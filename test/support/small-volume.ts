import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const mega = 1_000_000;

/** A disk of its own that can be filled without harm to anybody. */
export interface SmallVolume {
  readonly folder: string;
  /** Fills it until so many megabytes are left. */
  readonly fill: (leftMega: number) => void;
  /** Takes away what filled it. */
  readonly empty: () => void;
  readonly remove: () => void;
}

/** Mounts a volume in memory; null, with a line that says so, where that is not allowed. */
export function mountSmallVolume(sizeMega: number): SmallVolume | null {
  const folder = mkdtempSync(join(tmpdir(), 'sextant-volume-'));
  // Passable for the account that PostgreSQL runs as when the tests run as root.
  const options = `size=${sizeMega * mega},mode=755`;
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', folder]);
  if (mounted.status !== 0) {
    rmSync(folder, { recursive: true });
    console.log('NOT LOOKED AT: no small volume can be mounted here (Linux, as root, allows it)');
    return null;
  }
  const filler = join(folder, 'filler');
  const empty = (): void => rmSync(filler, { force: true });
  return {
    folder,
    fill: (leftMega) => {
      empty();
      const { bavail, bsize } = statfsSync(folder);
      writeFileSync(filler, Buffer.alloc(Math.max(0, bavail * bsize - leftMega * mega)));
    },
    empty,
    remove: () => {
      spawnSync('umount', ['-l', folder]);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
