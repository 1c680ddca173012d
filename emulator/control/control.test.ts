import { get } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ORGANISATION_IDS } from '../seeds/identity.ts';
import type { Emulator } from '../server.ts';
import {
  type ApiClient,
  authorizeUrl,
  jsonOf,
  obtainTokens,
  postToken,
  startConnected,
  type Tokens,
} from '../testing.ts';
import type { FaultEffect } from './faults.ts';

let emulator: Emulator;
let api: ApiClient;
let tokens: Tokens;
beforeEach(async () => {
  ({ emulator, api, tokens } = await startConnected());
});
afterEach(() => emulator.close());

async function control(method: string, path: string, body?: object) {
  const response = await fetch(`${emulator.url}/_emulator${path}`, {
    method,
    ...(body
      ? { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }
      : {}),
  });
  return { status: response.status, json: await jsonOf(response) };
}

describe('troubles', () => {
  it('take an organisation offline and bring it back', async () => {
    const { au, nz } = ORGANISATION_IDS;
    await control('POST', `/organisations/${au}/offline`);
    const answer = await api('GET', '/Organisation');
    expect([answer.status, answer.text]).toEqual([503, 'The Organisation is offline']);
    await control('POST', `/organisations/${nz}/offline`);
    await control('POST', `/organisations/${au}/offline`, { offline: false });
    expect((await api('GET', '/Organisation')).status).toBe(200);
  });

  it('reset a demo company: it is empty, and no app is connected to it', async () => {
    const { au } = ORGANISATION_IDS;
    emulator.control.bookkeeper(au).setPlan('DEMO');
    await api('PUT', '/Contacts', { Contacts: [{ Name: 'Ana' }] });
    expect((await control('POST', `/organisations/${au}/reset-demo`)).status).toBe(200);
    expect((await api('GET', '/Contacts')).status).toBe(403);
    expect(emulator.control.bookkeeper(au).books.contacts.all()).toEqual([]);
    emulator.control.bookkeeper(au).setPlan('STANDARD');
    expect((await control('POST', `/organisations/${au}/reset-demo`)).status).toBe(400);
  });

  it('date answers by the emulator’s clock', async () => {
    await control('POST', '/clock', { set: '2031-05-06T07:08:09Z', stop: true });
    const answer = await fetch(`${emulator.url}/_emulator/clock`);
    expect(answer.headers.get('date')).toBe('Tue, 06 May 2031 07:08:09 GMT');
  });
});

describe('faults', () => {
  const arm = (effect: FaultEffect, more = {}) =>
    emulator.control.faults.add({ path: '/api.xro/2.0/*', times: 1, effect, ...more });
  const put = (name: string) => api('PUT', '/Contacts', { Contacts: [{ Name: name }] });
  const names = async () =>
    (await api('GET', '/Contacts')).json.Contacts.map((one: { Name: string }) => one.Name);

  it('answer instead of the act, with any body', async () => {
    arm({
      kind: 'status',
      status: 503,
      body: 'The Organisation is offline',
      contentType: 'text/plain',
    });
    const result = await put('A');
    expect([result.status, result.text]).toEqual([503, 'The Organisation is offline']);
    expect(await names()).toEqual([]);
  });

  it('cut the line before the act, or after it', async () => {
    arm({ kind: 'reset' });
    await expect(put('A')).rejects.toThrow();
    expect(await names()).toEqual([]);
    arm({ kind: 'reset', when: 'after' });
    await expect(put('A')).rejects.toThrow();
    expect(await names()).toEqual(['A']);
  });

  it('spoil the answer of an act that happened: another status, half a body', async () => {
    arm({ kind: 'status', status: 502, when: 'after' });
    const spoilt = await put('A');
    expect(spoilt.status).toBe(502);
    await expect
      .poll(() => emulator.control.log.calls('/contacts').at(-1)?.responseBytes)
      .toBe(Buffer.byteLength(spoilt.text));
    arm({ kind: 'truncate' });
    await expect(put('B')).rejects.toThrow();
    expect(await names()).toEqual(['A', 'B']);
  });

  it('hang until the caller gives up, and do not hold the limit afterwards', async () => {
    arm({ kind: 'hang' }, { times: 10 });
    const calls = Array.from({ length: 5 }, () =>
      fetch(`${emulator.url}/api.xro/2.0/Organisation`, {
        headers: {
          authorization: `Bearer ${tokens.access_token}`,
          'xero-tenant-id': ORGANISATION_IDS.au,
          accept: 'application/json',
        },
        signal: AbortSignal.timeout(200),
      }).then(
        () => 'answered',
        () => 'gave up',
      ),
    );
    expect(await Promise.all(calls)).toEqual(Array(5).fill('gave up'));
    emulator.control.faults.clear();
    await expect.poll(async () => (await api('GET', '/Organisation')).status).toBe(200);
  });

  it('meet the nth call, so many times, with a chance that repeats from its seed', async () => {
    arm({ kind: 'status', status: 500 }, { skip: 1, times: 2 });
    const statuses = [];
    for (let i = 0; i < 5; i++) statuses.push((await api('GET', '/Organisation')).status);
    expect(statuses).toEqual([200, 500, 500, 200, 200]);
    const draws = () => {
      emulator.control.faults.clear();
      arm({ kind: 'status', status: 500 }, { times: 1000, probability: 0.3, seed: 7 });
      const target = { method: 'GET', path: '/api.xro/2.0/Contacts', organisation: undefined };
      return Array.from({ length: 50 }, () => emulator.control.faults.draw(target) !== undefined);
    };
    const first = draws();
    expect(first).toContain(true);
    expect(first).toContain(false);
    expect(draws()).toEqual(first);
  });

  it('meet a call by a part of its query alone', async () => {
    arm({ kind: 'status', status: 500 }, { path: '*/Contacts', query: 'ids=', times: 9 });
    const statuses = [];
    for (const query of ['', '?page=1', `?page=1&IDs=${ORGANISATION_IDS.au}`]) {
      statuses.push((await api('GET', `/Contacts${query}`)).status);
    }
    expect(statuses).toEqual([200, 200, 500]);
  });

  it('lose the answer of a refresh that happened; the old token then works again', async () => {
    emulator.control.faults.add({
      path: '/connect/token',
      times: 1,
      effect: { kind: 'reset', when: 'after' },
    });
    const refresh = () =>
      postToken(emulator, { grant_type: 'refresh_token', refresh_token: tokens.refresh_token });
    await expect(refresh()).rejects.toThrow();
    expect((await refresh()).status).toBe(200);
  });

  it('can be provoked by a name', async () => {
    expect((await put('Ana Fault 503')).status).toBe(503);
    expect((await put('Ana Fault 500')).headers.get('content-type')).toContain('text/html');
    await expect(put('Ana Fault Lost')).rejects.toThrow();
    expect(await names()).toEqual(['Ana Fault Lost']);
    const { text } = await put('Ana Fault Refused');
    expect(text).toContain('The contact is refused because of its name.');
    emulator.control.switches.sentinelNames = false;
    expect((await put('Ben Fault 503')).status).toBe(200);
  });
});

describe('snapshots', () => {
  it('bring back rows, tokens, connections and the time', async () => {
    const keeper = emulator.control.bookkeeper();
    keeper.createContact({ Name: 'Before' });
    emulator.control.snapshots.take('here');
    const then = emulator.clock.nowMs();
    keeper.createContact({ Name: 'After' });
    emulator.clock.advance(3_600_000);
    emulator.control.people.disconnect(ORGANISATION_IDS.au);
    emulator.control.snapshots.restore('here');
    expect(emulator.clock.nowMs()).toBe(then);
    const { json } = await api('GET', '/Contacts?where=Name=="Before"');
    expect(json.Contacts).toHaveLength(1);
    expect(keeper.findContact('After')).toBeUndefined();
  });

  it('reset goes back to the start, and events still flow afterwards', async () => {
    emulator.control.bookkeeper().createContact({ Name: 'Gone' });
    emulator.control.snapshots.reset();
    expect(emulator.control.bookkeeper().findContact('Gone')).toBeUndefined();
    emulator.control.webhooks.configure('http://localhost:9/nowhere');
    await obtainTokens(emulator);
    emulator.control.bookkeeper().createContact({ Name: 'New' });
    expect(emulator.control.webhooks.waiting()).toBe(1);
  });
});

describe('the log', () => {
  it('counts calls, writes and bytes per organisation; the organisation itself is free', async () => {
    await api('GET', '/Organisation');
    const body = { Contacts: [{ Name: 'A' }] };
    const { text } = await api('PUT', '/Contacts', body);
    await expect
      .poll(() => emulator.control.log.counters(ORGANISATION_IDS.au))
      .toEqual({
        calls: 2,
        writes: 1,
        refusedByLimits: 0,
        egressBytes: Buffer.byteLength(text),
        egressOfWritesBytes: Buffer.byteLength(text),
        ingressBytes: JSON.stringify(body).length,
      });
    const calls = emulator.control.log.calls('/contacts');
    expect(calls).toMatchObject([{ method: 'PUT', status: 200, appId: 'emulator-client-id' }]);
  });
});

describe('over HTTP', () => {
  it('steers the clock', async () => {
    await control('POST', '/clock', { stop: true, set: '2027-01-01T00:00:00Z' });
    const { json } = await control('POST', '/clock', { advanceMs: 1500 });
    expect(json).toEqual({ now: '2027-01-01T00:00:01.500Z', speed: 0 });
    expect((await control('POST', '/clock', { set: 'soon' })).status).toBe(400);
  });

  it('consents, keeps books and takes snapshots', async () => {
    const { json } = await control('POST', '/consent', {
      url: authorizeUrl(emulator),
      user: 'ada.adviser@example.com',
    });
    expect(json.redirectTo).toContain('code=');
    const books = `/organisations/${ORGANISATION_IDS.au}`;
    await control('POST', '/snapshots/clean');
    const contact = (await control('POST', `${books}/contacts`, { Name: 'Ana' })).json;
    const invoice = (
      await control('POST', `${books}/invoices`, {
        contactId: contact.id,
        lines: [{ description: 'Fee', unitAmount: '12.50' }],
      })
    ).json;
    const payment = (
      await control('POST', `${books}/invoices/${invoice.id}/pay`, { amount: '13.75' })
    ).json;
    expect(payment).toMatchObject({ amount: 1375, status: 'AUTHORISED' });
    const refused = await control('POST', `${books}/invoices/${invoice.id}/void`);
    expect([refused.status, refused.json.error]).toEqual([400, expect.stringContaining('payment')]);
    expect((await control('DELETE', `${books}/payments/${payment.id}`)).json.status).toBe(
      'DELETED',
    );
    await control('POST', '/snapshots/clean/restore');
    expect(emulator.control.bookkeeper().findContact('Ana')).toBeUndefined();
  });

  it.each([
    ['POST', '/faults', { path: '/x', effect: { kind: 'explode' } }],
    ['POST', '/faults', { effect: { kind: 'reset' } }],
    ['POST', '/switches', { nonsense: true }],
    ['POST', '/switches', { paymentEvents: 'yes' }],
    ['POST', '/limits', { minute: 'few' }],
    ['POST', '/limits', { constructor: 1 }],
    ['PUT', '/apps/other', { redirectUris: 5 }],
    ['PUT', '/apps/other', { tier: 'GOLD' }],
    ['POST', '/webhooks', { url: 'nonsense' }],
    ['POST', '/webhooks/subscription', { type: 'DELETE' }],
    ['POST', '/clock', { advanceMs: 1e300 }],
    ['POST', '/clock', { set: 'soon' }],
    ['POST', '/consent', { url: 'http://x y', user: 'ada.adviser@example.com' }],
    ['POST', '/faults', { path: '/x', times: 'once', effect: { kind: 'reset' } }],
    ['POST', `/organisations/${ORGANISATION_IDS.au}/invoices`, { contactId: 'x', lines: [null] }],
    ['POST', '/snapshots/none/restore', undefined],
    ['POST', '/organisations/none/contacts', { Name: 'A' }],
  ])('refuses %s %s %j with a sentence', async (method, path, body) => {
    const { status, json } = await control(method, path, body);
    expect(status).toBe(400);
    expect(json.error).toMatch(/\w+ \w+/);
  });

  it('registers apps and changes them, and keeps their secrets to itself', async () => {
    const { json } = await control('PUT', '/apps/other', {
      secret: 'hush',
      tier: 'PLUS',
      isCertified: true,
    });
    expect(json).toMatchObject({ id: 'other', tier: 'PLUS', isCertified: true });
    expect(JSON.stringify(json)).not.toContain('hush');
    expect((await control('PUT', '/apps/other', { name: 'Other' })).json.tier).toBe('PLUS');
  });

  it('refuses pages of other origins', async () => {
    const response = await fetch(`${emulator.url}/_emulator/reset`, {
      method: 'POST',
      headers: { origin: 'https://evil.example' },
    });
    expect(response.status).toBe(403);
  });

  it('refuses names that someone made to point here', async () => {
    const status = await new Promise((resolve) => {
      const headers = { host: 'rebound.example' };
      get(`${emulator.url}/_emulator/log`, { headers }, (response) =>
        resolve(response.resume().statusCode),
      );
    });
    expect(status).toBe(403);
  });
});
