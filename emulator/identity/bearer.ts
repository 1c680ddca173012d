import { problem } from '../accounting/api-error.ts';
import type { World } from '../core/world.ts';
import type { AccessClaims } from './model.ts';

/**
 * Reads a bearer header.
 * @throws ApiError 401 as Xero words it: unknown tokens and expired ones differ in their detail.
 */
export function authenticateBearer(world: World, authorization: string | undefined): AccessClaims {
  const token = /^bearer (\S+)$/i.exec(authorization ?? '')?.[1];
  const claims = token === undefined ? undefined : world.tokens.read(token);
  if (!claims || !world.registry.apps.get(claims.clientId)) {
    throw problem(401, 'AuthenticationUnsuccessful', world.ids.uuid());
  }
  if (world.clock.nowMs() >= claims.expiresAtMs) {
    const detail = `TokenExpired: token expired at ${americanMoment(claims.expiresAtMs)}`;
    throw problem(401, detail, world.ids.uuid());
  }
  if (world.switches.supersessionKillsAccess && isSuperseded(world, claims)) {
    throw problem(401, 'AuthenticationUnsuccessful', world.ids.uuid());
  }
  return claims;
}

function isSuperseded(world: World, claims: AccessClaims): boolean {
  if (claims.userId === undefined) return false;
  const grant = world.registry.grants.get(`${claims.clientId}:${claims.userId}`);
  return grant?.authEventId !== claims.authEventId;
}

/** `08/12/2022 07:00:40`, month first, UTC. */
function americanMoment(ms: number): string {
  const iso = new Date(ms).toISOString();
  return `${iso.slice(5, 7)}/${iso.slice(8, 10)}/${iso.slice(0, 4)} ${iso.slice(11, 19)}`;
}
