import { createReadStream } from 'node:fs';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FastifyReply } from 'fastify';
import { EXPORT_PATH } from '#contract/closing';
import { AppError } from '#platform/app-error';
import { MINUTE_MS } from '#platform/clock';
import type { RawRoutes } from '#platform/http';
import type { Scope } from '#platform/scope';
import { getProvider } from '#providers/index';
import type { ClosingDeps } from './closing.ts';
import { buildExport, exportName } from './export/build-export.ts';

/** Exports that this process makes at once, whoever's. */
const AT_ONCE = 2;
const EXPORT_MS = 10 * MINUTE_MS;

/**
 * `POST /api/v1/provider/export`: everything as one zip, noted in the log. It is made whole before
 * the first byte is sent, so that a slow line holds no transaction open and a failure is told as one.
 */
export function exportRoute(deps: ClosingDeps): RawRoutes {
  let underWay = 0;
  return (app, tools) => {
    app.post(
      EXPORT_PATH,
      { onRequest: tools.guard('provider.close'), handlerTimeout: EXPORT_MS },
      async (request, reply) => {
        if (underWay >= AT_ONCE) {
          const extras = { retryAfterSeconds: 60 };
          throw new AppError('request.too-many', 'Others are taking out data.', { extras });
        }
        underWay += 1;
        try {
          return await sendExport(deps, tools.scopeOf(request), reply);
        } finally {
          underWay -= 1;
        }
      },
    );
  };
}

async function sendExport(
  deps: ClosingDeps,
  scope: Scope,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const folder = await mkdtemp(join(tmpdir(), 'bursar-export-'));
  const forget = () => {
    rm(folder, { recursive: true, force: true }).catch((err: unknown) =>
      deps.logger.warn({ err }, 'the file of an export is still in use'),
    );
  };
  try {
    const path = join(folder, 'export.zip');
    await buildExport(deps, scope, path);
    const provider = await deps.database.asProvider(scope.providerId, (tx) =>
      getProvider(tx, scope),
    );
    const name = exportName(provider?.name ?? '', deps.clock.now());
    const { size } = await stat(path);
    const file = createReadStream(path);
    // Once it is open its name may go, so that nothing of it stays behind a process that dies.
    file.once('open', forget);
    file.once('close', forget);
    return reply
      .header('cache-control', 'no-store')
      .header('content-disposition', `attachment; filename="${name}"`)
      .header('content-length', size)
      .type('application/zip')
      .send(file);
  } catch (error) {
    forget();
    throw error;
  }
}
