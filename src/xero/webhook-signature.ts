import { createHmac, timingSafeEqual } from 'node:crypto';

/** Base64 of 32 bytes, as Xero writes it. */
const FORM = /^[A-Za-z0-9+/]{43}=$/;

/** Whether this has the form of a signature: what has not is refused before its body is read. */
export function couldBeXeroSignature(signature: unknown): signature is string {
  return typeof signature === 'string' && FORM.test(signature);
}

/**
 * Whether `signature` (header `x-xero-signature`) is the base64 HMAC-SHA256 of exactly these bytes
 * under the webhook key. Takes the same time whether it is nearly right or all wrong.
 */
export function isXeroSignature(
  rawBody: Uint8Array,
  signature: string | undefined,
  webhookKey: string,
): boolean {
  const right = createHmac('sha256', webhookKey).update(rawBody).digest();
  const given = Buffer.from(signature ?? '', 'base64');
  // Base64 has several spellings of the same bytes; only the one that Xero writes counts.
  const isCanonical = given.toString('base64') === signature;
  const same = given.length === right.length && timingSafeEqual(given, right);
  return same && isCanonical && webhookKey.length > 0;
}
