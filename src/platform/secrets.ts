import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

/** Keys by id; the first seals, all open. As read from `ENCRYPTION_KEYS`. */
export interface EncryptionKey {
  id: string;
  key: Buffer;
}

/** Seals small secrets (tokens, verifiers) for storage; a wrong key or a moved text fails closed. */
export interface SecretBox {
  /** `context` binds the sealed text to its place (table and row): moved elsewhere it won't open. */
  seal(secret: string, context: string): string;
  /** Throws SecretUnreadableError when the key is unknown, or text or context were altered. */
  open(sealed: string, context: string): string;
  /** The key id that a sealed text needs, for finding rows to seal anew after a key rotation. */
  keyIdOf(sealed: string): string;
  readonly currentKeyId: string;
}

/** A sealed text that does not open; the message holds nothing of what was sealed. */
export class SecretUnreadableError extends Error {
  override readonly name = 'SecretUnreadableError';
}

const ALGORITHM = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** Sealed form: `v1.<key id>.<base64url of nonce, tag and ciphertext>`. */
export function createSecretBox(keys: readonly EncryptionKey[]): SecretBox {
  const [current] = keys;
  if (!current) throw new Error('A secret box needs at least one key');
  const byId = new Map(keys.map((entry) => [entry.id, entry.key]));

  return {
    currentKeyId: current.id,
    seal(secret, context) {
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv(ALGORITHM, current.key, nonce);
      cipher.setAAD(Buffer.from(context));
      const text = Buffer.concat([cipher.update(secret, 'utf8'), cipher.final()]);
      const body = Buffer.concat([nonce, cipher.getAuthTag(), text]).toString('base64url');
      return `v1.${current.id}.${body}`;
    },
    open(sealed, context) {
      const [version, keyId = '', body = ''] = sealed.split('.');
      const key = byId.get(keyId);
      if (version !== 'v1' || !key) {
        throw new SecretUnreadableError(`No key “${keyId}” among ENCRYPTION_KEYS`);
      }
      const bytes = Buffer.from(body, 'base64url');
      try {
        const decipher = createDecipheriv(ALGORITHM, key, bytes.subarray(0, NONCE_BYTES));
        decipher.setAAD(Buffer.from(context));
        decipher.setAuthTag(bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
        const text = decipher.update(bytes.subarray(NONCE_BYTES + TAG_BYTES));
        return Buffer.concat([text, decipher.final()]).toString('utf8');
      } catch {
        throw new SecretUnreadableError('A stored secret does not open with its key');
      }
    },
    keyIdOf: (sealed) => sealed.split('.')[1] ?? '',
  };
}
