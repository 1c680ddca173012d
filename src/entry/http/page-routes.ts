import { existsSync } from 'node:fs';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { AppError } from '#platform/app-error';
import { sendProblem } from './problem-answers.ts';

const PAGE = 'index.html';
/** Where the build puts files whose names change with their content. */
const HASHED_FILES = '/assets/';

/**
 * Serves the built web app at `root`: hashed files are kept by browsers for good, the page itself
 * never; the compressed forms that the build left are sent to whoever takes them. Any address that
 * is no file shows the page, which knows its own addresses. Without a build (null) there is the
 * API alone. Files are looked for as they are asked for, since a newer build may take this one's place
 * while Bursar runs.
 */
export async function registerPages(app: FastifyInstance, root: string | null): Promise<void> {
  const isBuilt = root !== null && existsSync(join(root, PAGE));
  if (isBuilt) {
    await app.register(fastifyStatic, {
      root,
      index: false,
      dotfiles: 'ignore',
      cacheControl: false,
      preCompressed: true,
      setHeaders: (reply, path) => reply.header('cache-control', keptFor(path)),
    });
    app.get('/', (_request, reply) => showPage(reply));
  }
  app.setNotFoundHandler((request, reply) => {
    if (isBuilt && wantsPage(request)) return showPage(reply);
    return sendProblem(request, reply, new AppError('request.not-found'));
  });
}

function showPage(reply: FastifyReply): FastifyReply {
  return reply.header('cache-control', 'no-cache').sendFile(PAGE);
}

function keptFor(path: string): string {
  return path.replaceAll('\\', '/').includes(HASHED_FILES)
    ? 'public, max-age=31536000, immutable'
    : 'no-cache';
}

function wantsPage(request: FastifyRequest): boolean {
  if (request.method !== 'GET' && request.method !== 'HEAD') return false;
  if (/^\/(api|webhooks)(\/|$)/.test(request.url) || request.url.startsWith(HASHED_FILES)) {
    return false;
  }
  return request.headers.accept?.includes('text/html') ?? false;
}
