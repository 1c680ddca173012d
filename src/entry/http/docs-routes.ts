import type { FastifyInstance } from 'fastify';
import { renderDocs } from '../openapi/docs-page.ts';
import { type DescribedServer, describeApi } from '../openapi/document.ts';

const API_VERSION = '1';
const KEPT = 'public, max-age=300';

/** The API described for machines and for people; both are made once, when first asked for. */
export function registerDocs(app: FastifyInstance, server: DescribedServer): void {
  let made: { json: string; page: string } | undefined;
  function make() {
    if (made) return made;
    const document = describeApi(server, API_VERSION);
    made = { json: JSON.stringify(document), page: renderDocs(document) };
    return made;
  }
  app.get('/api/openapi.json', (_request, reply) =>
    reply.header('cache-control', KEPT).type('application/json; charset=utf-8').send(make().json),
  );
  app.get('/api/docs', (_request, reply) =>
    reply.header('cache-control', KEPT).type('text/html; charset=utf-8').send(make().page),
  );
}
