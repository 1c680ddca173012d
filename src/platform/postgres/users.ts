import { spawn } from 'node:child_process';
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Layout } from './layout.ts';
import { isAlive } from './processes.ts';

/**
 * Several processes may share one server: the product and a command line, or test runs side by
 * side. Each keeps a file named by its process id in `users`; the last to leave stops the server.
 *
 * Who arrives writes its file and then looks for somebody stopping; who stops says so in
 * `stopping` and then looks for users. Whatever the order, at least one sees the other.
 */

/** Says that this process uses the server; waits out anybody who is about to stop it. */
export async function arrive(layout: Layout): Promise<void> {
  await mkdir(layout.users, { recursive: true });
  await mkdir(layout.stopping, { recursive: true });
  await writeFile(join(layout.users, String(process.pid)), '');
  while ((await livingIn(layout.stopping)).some((pid) => pid !== process.pid)) await pause(20);
}

/** Says that this process is done and stops the server when nobody else uses it. */
export async function leave(layout: Layout, stopServer: () => Promise<void>): Promise<void> {
  const marker = join(layout.stopping, String(process.pid));
  await rm(join(layout.users, String(process.pid)), { force: true });
  await writeFile(marker, '');
  try {
    if ((await livingIn(layout.users)).length === 0) await stopServer();
  } finally {
    await rm(marker, { force: true });
  }
}

async function livingIn(folder: string): Promise<number[]> {
  const pids = (await readdir(folder)).map(Number);
  const dead = pids.filter((pid) => !isAlive(pid));
  await Promise.all(dead.map((pid) => rm(join(folder, String(pid)), { force: true })));
  return pids.filter((pid) => !dead.includes(pid));
}

/** How long the watcher leaves a server to be adopted by a restart. */
const GRACE_SECONDS = 10;

/**
 * Leaves behind a shell that waits for this process to end without a word (its end of the pipe
 * closes, be it by `kill -9`) and then does what `leave` does. Elsewhere than on Unix there is no
 * such watcher: the server stays until the next start adopts it.
 */
export function watchOver(layout: Layout): { dismiss(): void } {
  if (process.platform === 'win32') return { dismiss: () => undefined };
  const watcher = spawn('/bin/sh', ['-c', WATCH, 'watch', layout.root, String(process.pid)], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
    cwd: '/',
  });
  watcher.on('error', () => undefined);
  watcher.unref();
  const pipe = watcher.stdin;
  pipe.on('error', () => undefined);
  // The pipe is a socket here, and an open one would keep the process running.
  (pipe as unknown as { unref?(): void }).unref?.();
  return { dismiss: () => pipe.end('done\n') };
}

const WATCH = `
root=$1 user=$2
read -r word && exit 0
sleep ${GRACE_SECONDS}
rm -f "$root/users/$user"
: > "$root/stopping/$$"
trap 'rm -f "$root/stopping/$$"' EXIT
for file in "$root"/users/*; do
  [ -e "$file" ] && kill -0 "\${file##*/}" 2>/dev/null && exit 0
done
read -r postmaster < "$root/cluster/postmaster.pid" || exit 0
kill -INT "$postmaster"
while kill -0 "$postmaster" 2>/dev/null; do sleep 0.1; done
`;
