import { spawn } from 'node:child_process';

/**
 * Stops the server when everybody who used it has died without saying so.
 *
 * A program killed with -9 cannot stop its server, and PostgreSQL does not ask after its parent.
 * Each user of the server has a file in `leases` named after its process; when none of them has
 * lived for `graceSeconds`, the server is stopped. `leaving` is put up first and the leases are
 * read once more, and whoever takes a lease looks for `leaving` afterwards: so either sees the
 * other. POSIX shell, because a Node process would take fifty times the memory for the same.
 */
const script = `
server=$1 cluster=$2 leases=$3 leaving=$4 grace=$5 idle=0
ours() {
  if [ -d /proc/self ]; then [ "$(readlink "/proc/$server/cwd")" = "$cluster" ]
  else ps -o comm= -p "$server" | grep -q postgres; fi
}
used() {
  for file in "$leases"/*; do
    holder=\${file##*/}; holder=\${holder%%.*}
    if kill -0 "$holder" 2>/dev/null || [ -d "/proc/$holder" ]; then return 0; fi
  done
  return 1
}
while ours; do
  if used; then idle=0; else idle=$((idle + 1)); fi
  if [ "$idle" -gt "$grace" ]; then
    : > "$leaving"
    if used; then rm -f "$leaving"; idle=0
    else ours && kill -INT "$server"; exit; fi
  fi
  sleep 1
done
`;

/** What the watchdog watches. */
export interface Watch {
  readonly serverPid: number;
  /** Real path of the cluster. */
  readonly cluster: string;
  readonly leases: string;
  readonly leaving: string;
  readonly graceSeconds: number;
}

/** Starts the watchdog of a server; it ends with the server. */
export function startWatchdog(watch: Watch): void {
  // Windows has no such shell; there an abandoned server lasts until the next start adopts it.
  if (process.platform === 'win32') return;
  const { serverPid, cluster, leases, leaving, graceSeconds } = watch;
  const args = [String(serverPid), cluster, leases, leaving, String(graceSeconds)];
  const child = spawn('/bin/sh', ['-c', script, 'sextant-watchdog', ...args], {
    cwd: '/',
    detached: true,
    stdio: 'ignore',
  });
  child.unref();
}
