import { fileURLToPath } from 'node:url';
import { SECOND_MS } from '#platform/clock';
import { listenForUpdates } from '#platform/live-updates';
import { SetupError } from '#platform/setup-error';
import type { Context } from './context.ts';
import { buildHttpApp, type HttpAppOptions } from './http-app.ts';

/** How often what this process has counted is added to the sums of all. */
const FLUSH_MS = 10 * SECOND_MS;

export const WEB_ROOT = fileURLToPath(new URL('../../web/dist', import.meta.url));

export interface WebServer {
  /** The address that this process listens at. */
  readonly url: string;
  /** Every address served, as `GET /path/:name`. */
  readonly routes: readonly string[];
  /** Takes nothing new, answers what is under way, ends open streams. */
  close(): Promise<void>;
}

/**
 * Serves HTTP on the configured port, on all addresses of the machine.
 * @throws SetupError when the port is taken or not allowed
 */
export async function startWeb(
  context: Context,
  options: Partial<Omit<HttpAppOptions, 'live'>> = {},
): Promise<WebServer> {
  const { config, metrics, logger } = context;
  const live = await listenForUpdates(context);
  const { webRoot = WEB_ROOT, ...rest } = options;
  const routes: string[] = [];
  const app = await buildHttpApp(context, {
    live,
    webRoot,
    onRoute: (method, path) => routes.push(`${method} ${path}`),
    ...rest,
  });
  try {
    await app.listen({ port: config.port, host: '::' }).catch(async (error: unknown) => {
      if ((error as NodeJS.ErrnoException).code !== 'EAFNOSUPPORT') throw error;
      await app.listen({ port: config.port, host: '0.0.0.0' });
    });
  } catch (cause) {
    await Promise.allSettled([app.close(), live.close()]);
    throw portError(cause, config.port);
  }
  const flushing = setInterval(() => {
    metrics.flush().catch((error: unknown) => logger.warn({ err: error }, 'counts wait'));
  }, FLUSH_MS).unref();
  return {
    url: config.publicUrl,
    routes,
    async close() {
      clearInterval(flushing);
      await app.close();
      await live.close();
    },
  };
}

function portError(cause: unknown, port: number): unknown {
  const { code } = cause as NodeJS.ErrnoException;
  if (code === 'EADDRINUSE') {
    const message = `Port ${port} is taken by another program: stop that program or set PORT to another number.`;
    return new SetupError('port_taken', message, { cause });
  }
  if (code === 'EACCES') {
    return new SetupError(
      'port_forbidden',
      `This user may not use port ${port}: set PORT to a number above 1023.`,
      { cause },
    );
  }
  return cause;
}
