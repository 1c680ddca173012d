import { createHash, randomBytes } from 'node:crypto';
import { PERMISSIONS, type Role, roleMay } from '#contract/permissions';

const KEY_PREFIX = 'bur_';
const KEY_BYTES = 32;
/** Characters of a key that are kept readable, to recognise it by. */
const SHOWN_CHARACTERS = KEY_PREFIX.length + 6;
const KEY_SHAPE = /^bur_[A-Za-z0-9_-]{43}$/;

/** A fresh key with what is kept of it: 256 random bits need no slow hash. */
export function makeKey(): { key: string; hash: Buffer; prefix: string } {
  const key = `${KEY_PREFIX}${randomBytes(KEY_BYTES).toString('base64url')}`;
  return { key, hash: hashKey(key), prefix: key.slice(0, SHOWN_CHARACTERS) };
}

/** SHA-256 of a key's text: what is stored of it, and what it is looked up by. */
export function hashKey(key: string): Buffer {
  return createHash('sha256').update(key).digest();
}

/** Whether a text could be a key at all; what could not is never looked up. */
export function looksLikeKey(text: string): boolean {
  return KEY_SHAPE.test(text);
}

/** The key in an `Authorization` header: null when it is of another scheme or shape. */
export function keyOfHeader(authorization: string): string | null {
  const match = /^bearer +(\S+) *$/i.exec(authorization);
  const key = match?.[1] ?? '';
  return looksLikeKey(key) ? key : null;
}

/** A key may do at most what its maker may do: else an Admin could make an Owner's key. */
export function mayMakeKeyFor(maker: Role, role: Role): boolean {
  return PERMISSIONS.every(
    (permission) => !roleMay(role, permission) || roleMay(maker, permission),
  );
}
