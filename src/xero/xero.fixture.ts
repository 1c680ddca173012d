import { randomBytes } from 'node:crypto';
import type { XeroOrgId } from '#contract/ids';
import { createFakeClock, type FakeClock } from '#platform/clock';
import type { XeroConfig } from '#platform/config';
import { type Database, openDatabase } from '#platform/database';
import { createSecretBox, type SecretBox } from '#platform/secrets';
import { createTestDatabase } from '../../test/world/database.ts';
import type { WireAnswer } from './request.ts';

export const ORG = '7f0e4c9a-1b2c-4d3e-8f4a-5b6c7d8e9f01' as XeroOrgId;
export const START = '2026-03-02T01:00:00.000Z';

export const config: XeroConfig = {
  app: { clientId: 'the-client-id', clientSecret: 'the-client-secret', webhookKey: null },
  loginUrl: 'https://login.example',
  identityUrl: 'https://identity.example',
  apiUrl: 'https://api.example',
  pagesUrl: 'https://pages.example',
  contactsPerCall: 500,
};

/** A database, a clock that stands still and a box of keys, for one test file. */
export interface Ground {
  database: Database;
  /** A second pool: what another process would have. */
  other: Database;
  clock: FakeClock;
  secrets: SecretBox;
  close(): Promise<void>;
}

/** A test database of its own with two pools on it; `close` drops it. */
export async function layGround(): Promise<Ground> {
  const test = await createTestDatabase();
  const database = openDatabase(test.ownerUrl);
  const other = openDatabase(test.ownerUrl);
  return {
    database,
    other,
    clock: createFakeClock(START),
    secrets: createSecretBox([{ id: 'test', key: randomBytes(32) }]),
    async close() {
      await Promise.all([database.close(), other.close()]);
      await test.drop();
    },
  };
}

/** An answer as the network gives it: JSON, or plain text where the body is a text. */
export function answerOf(
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): WireAnswer {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const type = typeof body === 'string' ? 'text/plain' : 'application/json';
  return {
    status,
    text,
    bytes: text.length,
    headers: new Headers({ 'content-type': type, ...headers }),
  };
}

/** An unsigned JWT, as far as claims go. */
export function jwt(claims: object): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part({ alg: 'none' })}.${part(claims)}.signature`;
}
