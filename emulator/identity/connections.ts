import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { ApiError, notFound, problem } from '../accounting/api-error.ts';
import { connectionMoment } from '../core/dates.ts';
import { asTexts } from '../core/form.ts';
import type { World } from '../core/world.ts';
import { authenticateBearer } from './bearer.ts';
import type { AccessClaims, Connection } from './model.ts';

/** `/connections`: every organisation this user ever connected to the app, newest consent or not. */
export function connectionRoutes(server: FastifyInstance, world: World): void {
  server.get('/connections', (request, reply) =>
    answer(reply, () => {
      const claims = authenticateBearer(world, request.headers.authorization);
      const { authEventId } = lowerCaseNames(request);
      return ownConnections(world, claims)
        .filter((one) => authEventId === undefined || one.authEventId === authEventId)
        .map((one) => wireConnection(world, one));
    }),
  );

  server.delete('/connections/:id', (request, reply) =>
    answer(reply, () => {
      const claims = authenticateBearer(world, request.headers.authorization);
      const { id = '' } = asTexts(request.params);
      const connection = ownConnections(world, claims).find((one) => one.id === id.toLowerCase());
      if (!connection) throw unknown(world);
      world.registry.connections.remove(connection.id);
      return undefined;
    }),
  );
}

function lowerCaseNames(request: FastifyRequest): { authEventId: string | undefined } {
  const query = Object.entries(asTexts(request.query));
  const found = query.find(([name]) => name.toLowerCase() === 'autheventid');
  return { authEventId: found?.[1].toLowerCase() };
}

function unknown(world: World): ApiError {
  if (!world.switches.unknownConnectionIs401) return notFound();
  return problem(401, 'AuthenticationUnsuccessful', world.ids.uuid());
}

/** A user's token sees that user's connections, an app's own token sees all of the app's. */
function ownConnections(world: World, claims: AccessClaims): Connection[] {
  const all = world.registry.connections.find('app', claims.clientId);
  if (claims.userId !== undefined) return all.filter((one) => one.userId === claims.userId);
  if (claims.scopes.includes('app.connections')) return all;
  throw problem(403, 'AuthenticationUnsuccessful', world.ids.uuid());
}

function wireConnection(world: World, connection: Connection) {
  return {
    id: connection.id,
    authEventId: connection.authEventId,
    tenantId: connection.orgId,
    tenantType: 'ORGANISATION',
    tenantName: world.registry.organisations.get(connection.orgId)?.name ?? '',
    createdDateUtc: connectionMoment(connection.createdAtMs),
    updatedDateUtc: connectionMoment(connection.updatedAtMs),
  };
}

function answer(reply: FastifyReply, act: () => unknown): FastifyReply {
  try {
    const body = act();
    return body === undefined ? reply.code(204).send() : reply.send(body);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    const { status, contentType, body, headers } = error.wire;
    if (contentType) void reply.type(contentType);
    return reply.code(status).headers(headers).send(body);
  }
}
