import { createHmac } from 'node:crypto';

/** `x-xero-signature`: base64 of HMAC-SHA256 over the exact bytes of the body. 44 characters. */
export function signPayload(body: Buffer, key: string): string {
  return createHmac('sha256', key).update(body).digest('base64');
}
