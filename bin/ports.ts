import { createServer } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { SetupError } from '#platform/setup-error';

/** Processes of a run that was killed a moment ago get this long to let go of their ports. */
const PATIENCE_MS = 4000;
const RETRY_MS = 100;

/**
 * Refuses, in one sentence, a port that another program listens on or this user may not use.
 * `setting` is the name of the setting that chooses it.
 */
export async function requireFreePort(port: number, setting: string): Promise<void> {
  const deadline = performance.now() + PATIENCE_MS;
  let fault = await tryPort(port);
  while (fault === 'EADDRINUSE' && performance.now() < deadline) {
    await pause(RETRY_MS);
    fault = await tryPort(port);
  }
  if (fault === undefined) return;
  if (fault === 'EADDRINUSE') {
    throw new SetupError(
      'port_taken',
      `Port ${port} is taken by another program: stop that program or set ${setting} to another number.`,
    );
  }
  throw new SetupError(
    'port_refused',
    `Port ${port} cannot be used (${fault}): set ${setting} to another number, above 1023.`,
  );
}

/** The error code of listening on the port on every address and on loopback; undefined when free. */
async function tryPort(port: number): Promise<string | undefined> {
  for (const host of [undefined, '127.0.0.1']) {
    const fault = await tryAddress(port, host);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

function tryAddress(port: number, host: string | undefined): Promise<string | undefined> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? 'unknown'));
    probe.listen({ port, host, exclusive: true }, () => probe.close(() => resolve(undefined)));
  });
}
