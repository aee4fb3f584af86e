import { readdirSync, readFileSync } from 'node:fs';

/** Linux counts processor time in hundredths of a second. */
const ticksPerSecond = 100;

/**
 * Seconds of processor time that a process and all below it have had so far, those that have ended
 * included; 0 where there is no /proc.
 */
export function treeCpuSeconds(root: number): number {
  const all = readProcesses();
  const children = Map.groupBy(all, ({ parent }) => parent);
  const pids = new Set<number>([root]);
  for (const pid of pids) for (const child of children.get(pid) ?? []) pids.add(child.pid);
  let ticks = 0;
  for (const each of all) if (pids.has(each.pid)) ticks += each.ticks;
  return ticks / ticksPerSecond;
}

/** Seconds of processor time that the machine has spent on anything but waiting; 0 elsewhere. */
export function machineCpuSeconds(): number {
  try {
    const [line = ''] = readFileSync('/proc/stat', 'utf8').split('\n');
    const [, user, nice, system, , , irq, softIrq] = line.split(/\s+/).map(Number);
    return (
      [user, nice, system, irq, softIrq].reduce((sum: number, part) => sum + (part ?? 0), 0) /
      ticksPerSecond
    );
  } catch {
    return 0;
  }
}

/** The process that started this one; 0 where there is no /proc. */
export function parentOf(pid: number): number {
  return readProcess(pid)?.parent ?? 0;
}

interface Process {
  readonly pid: number;
  readonly parent: number;
  /** Own time and that of children that have ended. */
  readonly ticks: number;
}

function readProcesses(): Process[] {
  try {
    return readdirSync('/proc').flatMap((name) => readProcess(Number(name)) ?? []);
  } catch {
    return [];
  }
}

function readProcess(pid: number): Process | null {
  if (!Number.isInteger(pid)) return null;
  try {
    // The name in brackets may hold anything: fields are counted from behind it.
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = text
      .slice(text.lastIndexOf(') ') + 2)
      .split(' ')
      .map(Number);
    const ticks = [11, 12, 13, 14].reduce((sum, at) => sum + (fields[at] ?? 0), 0);
    return { pid, parent: fields[1] ?? 0, ticks };
  } catch {
    return null;
  }
}
