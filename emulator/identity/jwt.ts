import { createSign, createVerify } from 'node:crypto';
import { isRecord, type Sent } from '../rules/field-reader.ts';
import type { SigningKey } from './keys.ts';

/** A signed token: RS256, key id in the head. */
export function signJwt(key: SigningKey, claims: Sent): string {
  const head = encode({ alg: 'RS256', kid: key.kid, typ: 'JWT' });
  const body = `${head}.${encode(claims)}`;
  const signature = createSign('RSA-SHA256').update(body).sign(key.privateKey, 'base64url');
  return `${body}.${signature}`;
}

/** The claims of a token that this key signed, whatever its age; else undefined. */
export function verifyJwt(key: SigningKey, token: string): Sent | undefined {
  const [head, body, signature, ...rest] = token.split('.');
  if (!head || !body || !signature || rest.length > 0) return undefined;
  const isGenuine = createVerify('RSA-SHA256')
    .update(`${head}.${body}`)
    .verify(key.publicKey, signature, 'base64url');
  if (!isGenuine) return undefined;
  const claims: unknown = JSON.parse(Buffer.from(body, 'base64url').toString('utf8'));
  return isRecord(claims) ? claims : undefined;
}

function encode(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
