import { fileURLToPath } from 'node:url';
import { SECOND_MS } from '#platform/clock';
import type { Config } from '#platform/config';
import { listenForUpdates } from '#platform/live-updates';
import { EVERY_ADDRESS } from '#platform/setting-forms';
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
 * Serves HTTP on the configured port and address.
 * @throws SetupError when the port is taken or not allowed, or the address is none of this machine
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
    await app
      .listen({ port: config.port, host: config.listenAddress })
      .catch(async (error: NodeJS.ErrnoException) => {
        // A machine without IPv6 has IPv4 addresses all the same.
        if (error.code !== 'EAFNOSUPPORT' || config.listenAddress !== EVERY_ADDRESS) throw error;
        await app.listen({ port: config.port, host: '0.0.0.0' });
      });
  } catch (cause) {
    await Promise.allSettled([app.close(), live.close()]);
    throw listenError(cause, config);
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

function listenError(cause: unknown, { port, listenAddress }: Config): unknown {
  const { code } = cause as NodeJS.ErrnoException;
  if (code === 'EADDRNOTAVAIL' || code === 'EAFNOSUPPORT') {
    const message = `This machine has no address ${listenAddress}: set LISTEN_ADDRESS to one that it has.`;
    return new SetupError('address_missing', message, { cause });
  }
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
