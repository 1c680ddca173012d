import { createSign, generateKeyPairSync } from 'node:crypto';
import { beforeEach, describe, expect, test } from 'vitest';
import { createFakeClock, type FakeClock } from '#platform/clock';
import { createIdTokenCheck, IdTokenRefusedError } from './id-token.ts';
import type { WireAnswer } from './request.ts';

const ISSUER = 'https://identity.xero.example';
const expected = { audience: 'our-app', nonce: 'n-1' };
const ours = generateKeyPairSync('rsa', { modulusLength: 2048 });
const theirs = generateKeyPairSync('rsa', { modulusLength: 2048 });

let clock: FakeClock;
let reads: number;
let kid: string;
let check: ReturnType<typeof createIdTokenCheck>;

beforeEach(() => {
  clock = createFakeClock('2026-03-02T00:00:00Z');
  reads = 0;
  kid = 'k1';
  const jwk = { ...ours.publicKey.export({ format: 'jwk' }), use: 'sig' };
  check = createIdTokenCheck({
    issuer: ISSUER,
    clock,
    send: async (): Promise<WireAnswer> => {
      reads += 1;
      const text = JSON.stringify({ keys: [{ ...jwk, kid }] });
      return { status: 200, headers: new Headers(), text, bytes: text.length };
    },
  });
});

function claims(changes: object = {}) {
  const nowS = clock.now().getTime() / 1000;
  return {
    iss: ISSUER,
    aud: 'our-app',
    exp: nowS + 300,
    nbf: nowS,
    nonce: 'n-1',
    xero_userid: 'u-1',
    email: 'ada@example.com',
    ...changes,
  };
}

function token(body: object, head: object = {}, key = ours.privateKey): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const signed = `${part({ alg: 'RS256', kid: 'k1', ...head })}.${part(body)}`;
  return `${signed}.${createSign('RSA-SHA256').update(signed).sign(key, 'base64url')}`;
}

describe('an identity token', () => {
  test('that is genuine says who somebody is', async () => {
    expect(await check(token(claims()), expected)).toMatchObject({
      xero_userid: 'u-1',
      email: 'ada@example.com',
    });
  });

  test.each([
    ['of another issuer', { iss: 'https://evil.example' }],
    ['for another app', { aud: 'their-app' }],
    ['for several apps', { aud: ['our-app', 'their-app'] }],
    ['that answers another request', { nonce: 'n-2' }],
    ['without a nonce', { nonce: undefined }],
    ['without a user', { xero_userid: undefined }],
    ['without an end', { exp: undefined }],
  ])('%s is refused', async (_what, changes) => {
    await expect(check(token(claims(changes)), expected)).rejects.toThrow(IdTokenRefusedError);
  });

  test('is refused once it has expired, and before it begins, with a minute for clocks that differ', async () => {
    const given = token(claims());
    clock.advance(359_000);
    await check(given, expected);
    clock.advance(1_000);
    await expect(check(given, expected)).rejects.toThrow('It has expired');
    const early = token(claims({ nbf: clock.now().getTime() / 1000 + 61 }));
    await expect(check(early, expected)).rejects.toThrow('It is not valid yet');
  });

  test('that somebody else signed, altered or left unsigned is refused', async () => {
    const forged = token(claims(), {}, theirs.privateKey);
    const [head, , signature] = token(claims()).split('.');
    const body = Buffer.from(JSON.stringify(claims({ xero_userid: 'u-2' }))).toString('base64url');
    const unsigned = token(claims(), { alg: 'none' });
    const short = token(claims(), { alg: 'HS256' });
    for (const bad of [
      forged,
      `${head}.${body}.${signature}`,
      unsigned,
      short,
      'a.b',
      '',
      'a.b.c',
    ]) {
      await expect(check(bad, expected)).rejects.toThrow(IdTokenRefusedError);
    }
  });

  test('by a new key has the keys read again, though not at every try', async () => {
    await check(token(claims()), expected);
    kid = 'k2';
    const rolled = token(claims(), { kid: 'k2' });
    await expect(check(rolled, expected)).rejects.toThrow('not published');
    expect(reads).toBe(1);
    clock.advance(60_000);
    await check(rolled, expected);
    await expect(check(token(claims(), { kid: 'k9' }), expected)).rejects.toThrow('not published');
    expect(reads).toBe(2);
  });
});
