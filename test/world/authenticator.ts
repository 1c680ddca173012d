import { createHmac } from 'node:crypto';
import { vi } from 'vitest';
import { api } from '#contract/api';
import type { Client } from './client.ts';

const PERIOD_MS = 30_000;
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** A phone with an authenticator app in it: shows the six figures of RFC 6238 for a secret. */
export interface AuthenticatorApp {
  /** A code that was not shown before: the machine's clock moves on by half a minute. */
  nextCode(): string;
}

/**
 * Holds a secret as it stood under the picture. The library that checks codes goes by the machine's
 * clock, so the story takes that in hand with `vi.useFakeTimers({ toFake: ['Date'] })`.
 */
export function holdSecret(secret: string): AuthenticatorApp {
  return {
    nextCode() {
      vi.setSystemTime(Date.now() + PERIOD_MS);
      return codeOf(secret, Math.floor(Date.now() / PERIOD_MS));
    },
  };
}

/** Sets up an authenticator app for somebody who is signed in. */
export async function setUpApp(
  client: Client,
  password: string,
): Promise<{ app: AuthenticatorApp; recoveryCodes: string[] }> {
  const { secret } = await client.call(api.beginAuthenticator, { body: { password } });
  const app = holdSecret(secret);
  const body = { code: app.nextCode() };
  const { recoveryCodes } = await client.call(api.confirmAuthenticator, { body });
  return { app, recoveryCodes };
}

function codeOf(secret: string, step: number): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const mac = createHmac('sha1', bytesOf(secret)).update(counter).digest();
  const offset = (mac.at(-1) ?? 0) & 15;
  const figures = (mac.readUInt32BE(offset) & 0x7fffffff) % 1_000_000;
  return String(figures).padStart(6, '0');
}

function bytesOf(base32: string): Buffer {
  const bits = [...base32]
    .map((letter) => ALPHABET.indexOf(letter).toString(2).padStart(5, '0'))
    .join('');
  const bytes = bits.match(/.{8}/g) ?? [];
  return Buffer.from(bytes.map((byte) => Number.parseInt(byte, 2)));
}
