import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ORGANISATION_IDS } from '../seeds/identity.ts';
import type { Emulator } from '../server.ts';
import {
  type ApiClient,
  apiClient,
  jsonOf,
  postToken,
  startConnected,
  type Tokens,
} from '../testing.ts';

let emulator: Emulator;
let api: ApiClient;
let tokens: Tokens;
beforeEach(async () => {
  ({ emulator, api, tokens } = await startConnected());
});
afterEach(() => emulator.close());

const limitHeaders = ['x-minlimit-remaining', 'x-daylimit-remaining', 'x-appminlimit-remaining'];

describe('limits', () => {
  beforeEach(() => {
    emulator.control.limits.numbers.minute = 60;
    emulator.control.limits.numbers.day = undefined;
  });

  it('count down in every answer and end in an empty 429 that says how long', async () => {
    const first = await api('GET', '/Organisation');
    expect(limitHeaders.map((name) => first.headers.get(name))).toEqual(['59', '4999', '9999']);
    for (let i = 0; i < 59; i++) await api('GET', '/Organisation');
    const refused = await api('GET', '/Organisation');
    expect([refused.status, refused.text]).toEqual([429, '']);
    expect(refused.headers.get('content-type')).toBeNull();
    expect(refused.headers.get('x-rate-limit-problem')).toBe('minute');
    const waitS = Number(refused.headers.get('retry-after'));
    expect(waitS).toBeGreaterThan(0);
    expect(waitS).toBeLessThanOrEqual(60);
    emulator.clock.advance(waitS * 1000);
    expect((await api('GET', '/Organisation')).headers.get('x-minlimit-remaining')).toBe('59');
  });

  it('are kept per organisation', async () => {
    for (let i = 0; i < 60; i++) await api('GET', '/Organisation');
    const nz = apiClient(emulator, tokens.access_token, ORGANISATION_IDS.nz);
    expect((await api('GET', '/Organisation')).status).toBe(429);
    expect((await nz('GET', '/Organisation')).status).toBe(200);
  });

  it('end the day at 5,000, or at 1,000 for a starter app', async () => {
    emulator.control.limits.spend('emulator-client-id', ORGANISATION_IDS.au, 5000);
    emulator.control.limits.numbers.minute = 1_000_000;
    const refused = await api('GET', '/Organisation');
    expect(refused.headers.get('x-rate-limit-problem')).toBe('day');
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    emulator.control.limits.clear();
    emulator.control.putApp({ id: 'emulator-client-id', tier: 'STARTER' });
    expect((await api('GET', '/Organisation')).headers.get('x-daylimit-remaining')).toBe('999');
  });

  it('count neither minute nor day in the first half hour of a connection of a better tier', async () => {
    emulator.control.putApp({ id: 'emulator-client-id', tier: 'PLUS' });
    for (let i = 0; i < 61; i++) expect((await api('GET', '/Organisation')).status).toBe(200);
    const rapid = await api('GET', '/Organisation');
    expect(limitHeaders.map((name) => rapid.headers.get(name))).toEqual(['60', '5000', '9938']);
    emulator.clock.advance(30 * 60_000);
    const renewed = await jsonOf(
      await postToken(emulator, {
        grant_type: 'refresh_token',
        refresh_token: tokens.refresh_token,
      }),
    );
    const again = apiClient(emulator, renewed.access_token, ORGANISATION_IDS.au);
    const later = await again('GET', '/Organisation');
    expect(limitHeaders.map((name) => later.headers.get(name))).toEqual(['59', '4999', '9999']);
  });

  it('let five calls be under way at once, and name no wait for the sixth', async () => {
    emulator.control.faults.add({ path: '/api.xro/*', effect: { kind: 'delay', ms: 300 } });
    const calls = Array.from({ length: 6 }, () => api('GET', '/Organisation'));
    const answers = await Promise.all(calls);
    const refused = answers.filter((answer) => answer.status === 429);
    expect(refused).toHaveLength(1);
    expect(refused[0]?.headers.get('x-rate-limit-problem')).toBe('concurrent');
    expect(refused[0]?.headers.get('retry-after')).toBeNull();
    expect((await api('GET', '/Organisation')).status).toBe(200);
  });

  it('hold over all organisations of an app', async () => {
    emulator.control.limits.numbers.appMinute = 2;
    const nz = apiClient(emulator, tokens.access_token, ORGANISATION_IDS.nz);
    await api('GET', '/Organisation');
    await nz('GET', '/Organisation');
    const refused = await api('GET', '/Organisation');
    expect(refused.headers.get('x-rate-limit-problem')).toBe('appminute');
  });
});

describe('idempotency keys', () => {
  const body = { Contacts: [{ Name: 'Once' }] };
  const put = (key: string, sent: object = body) =>
    api('PUT', '/Contacts', sent, { 'Idempotency-Key': key });

  it('replay the answer for six minutes from the first call', async () => {
    const first = await put('k');
    emulator.clock.advance(6 * 60_000 - 1);
    expect((await put('k')).text).toBe(first.text);
    emulator.clock.advance(1);
    expect((await put('k')).status).toBe(400);
    expect((await api('GET', '/Contacts')).json.Contacts).toHaveLength(1);
  });

  it('keep errors like successes', async () => {
    const keeper = emulator.control.bookkeeper();
    const twin = keeper.createContact({ Name: 'Once' });
    expect((await put('k')).status).toBe(400);
    keeper.archiveContact(twin.id);
    expect((await put('k')).status).toBe(400);
    expect((await put('other')).status).toBe(200);
  });

  it('refuse another request and too long a key', async () => {
    await put('k');
    const other = await put('k', { Contacts: [{ Name: 'Twice' }] });
    expect(other.status).toBe(400);
    expect(other.json.Message).toContain('is used with a different request');
    expect((await put('x'.repeat(129))).status).toBe(400);
    expect((await put('x'.repeat(128), { Contacts: [{ Name: 'Long' }] })).status).toBe(200);
  });

  it('spend the limits when they replay', async () => {
    await put('k');
    const before = Number((await api('GET', '/Organisation')).headers.get('x-daylimit-remaining'));
    const replay = await put('k');
    expect(Number(replay.headers.get('x-daylimit-remaining'))).toBe(before - 1);
  });

  it('give the lost answer of a write that happened', async () => {
    emulator.control.faults.add({
      path: '*/Contacts',
      times: 1,
      effect: { kind: 'reset', when: 'after' },
    });
    await expect(put('k')).rejects.toThrow();
    expect((await put('k')).json.Contacts[0].Name).toBe('Once');
    expect((await api('GET', '/Contacts')).json.Contacts).toHaveLength(1);
  });
});

describe('requests', () => {
  it('need Accept: application/json, and may list more', async () => {
    const refused = await api('GET', '/Organisation', undefined, { accept: '*/*' });
    expect(refused.status).toBe(406);
    const listed = await api('GET', '/Organisation', undefined, {
      accept: 'text/html, application/json;q=0.9',
    });
    expect(listed.status).toBe(200);
  });

  it('say plainly what is wrong with a body', async () => {
    const xml = await api('PUT', '/Contacts', '<Contacts/>', { 'content-type': 'application/xml' });
    expect(xml.status).toBe(415);
    for (const sent of ['{"Contacts":', '', '[]', '7', '{"Contacts":[1]}', '{"Contacts":"x"}']) {
      const result = await api('PUT', '/Contacts', sent);
      expect([sent, result.status, result.json.Type]).toEqual([
        sent,
        400,
        'PostDataInvalidException',
      ]);
    }
  });

  it('name each answer, so that it can be asked about', async () => {
    const [a, b] = [await api('GET', '/Organisation'), await api('GET', '/Nonsense')];
    const ids = [a, b].map(({ headers }) => headers.get('xero-correlation-id'));
    expect(ids[0]).toMatch(/^[0-9a-f-]{36}$/);
    expect(ids[1]).not.toBe(ids[0]);
  });

  it('answer unknown paths with a page', async () => {
    for (const path of ['/Nonsense', '/Contacts/x/y/z', '/']) {
      const result = await api('GET', path);
      expect([path, result.status]).toEqual([path, 404]);
      expect(result.headers.get('content-type')).toBe('text/html; charset=utf-8');
    }
  });
});
