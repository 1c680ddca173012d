import type { FastifyInstance } from 'fastify';
import type { World } from '../core/world.ts';

/** Discovery and keys, so that a stock OpenID client finds its way and verifies an id_token. */
export function discoveryRoutes(server: FastifyInstance, world: World): void {
  server.get('/.well-known/openid-configuration', () => {
    const base = world.baseUrl();
    return {
      issuer: base,
      jwks_uri: `${base}/.well-known/openid-configuration/jwks`,
      authorization_endpoint: `${base}/identity/connect/authorize`,
      token_endpoint: `${base}/connect/token`,
      revocation_endpoint: `${base}/connect/revocation`,
      scopes_supported: ['openid', 'profile', 'email', 'offline_access'],
      claims_supported: ['sub', 'name', 'given_name', 'family_name', 'email', 'xero_userid'],
      grant_types_supported: ['authorization_code', 'client_credentials', 'refresh_token'],
      response_types_supported: ['code'],
      response_modes_supported: ['query'],
      token_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post', 'none'],
      id_token_signing_alg_values_supported: ['RS256'],
      subject_types_supported: ['public'],
      code_challenge_methods_supported: ['S256'],
    };
  });

  server.get('/.well-known/openid-configuration/jwks', () => {
    const key = world.signingKey();
    const jwk = key.publicKey.export({ format: 'jwk' });
    return { keys: [{ ...jwk, use: 'sig', alg: 'RS256', kid: key.kid }] };
  });
}
