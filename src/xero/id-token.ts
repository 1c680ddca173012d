import { createPublicKey, type JsonWebKey, type KeyObject, verify } from 'node:crypto';
import { z } from 'zod';
import { type Clock, MINUTE_MS, plus, SECOND_MS } from '#platform/clock';
import { parseJson } from './read-failure.ts';
import type { Send } from './request.ts';

/** Clocks of two machines may differ by this much. */
const LEEWAY_MS = 1 * MINUTE_MS;
/** An unknown key id has the keys read again, but not more often than this. */
const KEYS_READ_EVERY_MS = 1 * MINUTE_MS;
const TOKEN_CHARACTERS_MAX = 10_000;

/** An identity token that is not what it should be; `message` says in which way. */
export class IdTokenRefusedError extends Error {
  override readonly name = 'IdTokenRefusedError';
}

const Head = z.object({ alg: z.literal('RS256'), kid: z.string().min(1) });
const Claims = z.looseObject({
  iss: z.string(),
  aud: z.union([z.string(), z.array(z.string())]),
  exp: z.number(),
  nbf: z.number().optional(),
  nonce: z.string().optional(),
  xero_userid: z.string().min(1),
  email: z.string().nullish(),
  name: z.string().nullish(),
  given_name: z.string().nullish(),
  family_name: z.string().nullish(),
});
export type IdClaims = z.infer<typeof Claims>;

const Keys = z.object({
  keys: z.array(z.looseObject({ kid: z.string(), kty: z.string(), use: z.string().optional() })),
});

/** What a genuine token must say. */
export interface Expected {
  audience: string;
  nonce: string;
}

/**
 * Checks identity tokens (OpenID Connect Core 3.1.3.7): signature by one of the issuer's published
 * keys, issuer, audience, times and nonce. The times are by the injected clock. RS256 alone is
 * taken, which is what Xero signs with, so that a token can't choose how it is checked.
 */
export function createIdTokenCheck(deps: {
  /** Where the tokens come from and whose keys count; without a trailing slash. */
  issuer: string;
  clock: Clock;
  send: Send;
}) {
  let keys = new Map<string, KeyObject>();
  let readAt: Date | null = null;

  async function keyOf(kid: string): Promise<KeyObject> {
    const now = deps.clock.now();
    const mayRead = readAt === null || plus(readAt, KEYS_READ_EVERY_MS) <= now;
    if (!keys.has(kid) && mayRead) {
      keys = await readKeys(deps.issuer, deps.send);
      readAt = now;
    }
    const key = keys.get(kid);
    if (!key) throw new IdTokenRefusedError('It is signed by a key that is not published');
    return key;
  }

  return async (token: string, expected: Expected): Promise<IdClaims> => {
    const [head = '', body = '', signature = '', ...rest] = token.split('.');
    if (token.length > TOKEN_CHARACTERS_MAX || rest.length > 0 || signature === '') {
      throw new IdTokenRefusedError('It is no signed token');
    }
    const { kid } = parsePart(Head, head);
    const key = await keyOf(kid);
    const signed = Buffer.from(`${head}.${body}`);
    if (!verify('RSA-SHA256', signed, key, Buffer.from(signature, 'base64url'))) {
      throw new IdTokenRefusedError('Its signature is not genuine');
    }
    const claims = parsePart(Claims, body);
    const fault = faultOf(claims, { ...expected, issuer: deps.issuer, now: deps.clock.now() });
    if (fault) throw new IdTokenRefusedError(fault);
    return claims;
  };
}

function faultOf(
  claims: IdClaims,
  expected: Expected & { issuer: string; now: Date },
): string | null {
  if (claims.iss.replace(/\/$/, '') !== expected.issuer) return 'Its issuer is another one';
  const audiences = [claims.aud].flat();
  if (audiences.length !== 1 || audiences[0] !== expected.audience) {
    return 'It is meant for another app';
  }
  const nowMs = expected.now.getTime();
  if (claims.exp * SECOND_MS + LEEWAY_MS <= nowMs) return 'It has expired';
  if ((claims.nbf ?? 0) * SECOND_MS - LEEWAY_MS > nowMs) return 'It is not valid yet';
  if (claims.nonce !== expected.nonce) return 'It answers another request';
  return null;
}

async function readKeys(issuer: string, send: Send): Promise<Map<string, KeyObject>> {
  const answer = await send({
    method: 'GET',
    url: `${issuer}/.well-known/openid-configuration/jwks`,
    headers: { accept: 'application/json' },
  });
  const parsed = Keys.safeParse(parseJson(answer.text));
  if (answer.status !== 200 || !parsed.success) {
    throw new Error(`Xero’s keys can’t be read: ${answer.status}`);
  }
  const signing = parsed.data.keys.filter(({ kty, use }) => kty === 'RSA' && use !== 'enc');
  return new Map(
    signing.map((jwk) => [jwk.kid, createPublicKey({ key: jwk as JsonWebKey, format: 'jwk' })]),
  );
}

function parsePart<Shape extends z.ZodType>(shape: Shape, encoded: string): z.output<Shape> {
  const text = Buffer.from(encoded, 'base64url').toString('utf8');
  const parsed = shape.safeParse(parseJson(text));
  if (!parsed.success) throw new IdTokenRefusedError('It does not say what it should');
  return parsed.data;
}
