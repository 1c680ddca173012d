import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ConnectionId, ProviderId } from '#contract/ids';
import { MINUTE_MS, plus } from '#platform/clock';
import { silentLogger } from '#platform/logger';
import type { OrgClient } from './org-client.ts';
import { AnswerLostError, NothingSentError, type WireAnswer, type WireRequest } from './request.ts';
import { answerOf, config, type Ground, jwt, layGround, ORG } from './xero.fixture.ts';
import { createXero, type Xero } from './xero.ts';
import {
  XeroBusyError,
  XeroConsentError,
  XeroDownError,
  XeroRefusedError,
  XeroUncertainError,
} from './xero-errors.ts';

const CONTACT = '9c6f2c7e-3b3f-4c6e-9d1a-0f6f6b5b2a11';
const WRITE_KEY = 'push-1';

let ground: Ground;
let xero: Xero;
let org: OrgClient;
let asked: WireRequest[];
let answers: (() => WireAnswer)[];

/** Xero gives these answers, one after the other. */
function xeroAnswers(...given: (WireAnswer | Error)[]): void {
  answers = given.map((answer) => () => {
    if (answer instanceof Error) throw answer;
    return answer;
  });
}

beforeEach(async () => {
  ground = await layGround();
  asked = [];
  answers = [];
  xero = createXero({
    ...ground,
    config,
    publicUrl: 'https://bursar.example',
    logger: silentLogger,
    async send(request) {
      asked.push(request);
      const next = answers.shift();
      if (!next) throw new Error(`Xero was asked once too often: ${request.method} ${request.url}`);
      return next();
    },
  });
  const grantId = await xero.vault.store({
    accessToken: 'token-1',
    accessExpiresAt: plus(ground.clock.now(), 30 * MINUTE_MS),
    refreshToken: 'refresh-1',
    refreshExpiresAt: plus(ground.clock.now(), 60 * MINUTE_MS),
    scopes: '',
    claims: { xeroUserId: 'user-1', authEventId: null, holderName: null },
  });
  org = xero.client.forOrg({
    providerId: '0190a000-0000-7000-8000-000000000001' as ProviderId,
    connectionId: '0190a000-0000-7000-8000-000000000002' as ConnectionId,
    xeroOrgId: ORG,
    grantId,
  });
});

afterEach(() => ground.close());

describe('what is sent', () => {
  it('asks for JSON, for one organisation, with the token', async () => {
    xeroAnswers(answerOf(200, { Organisations: [{ OrganisationID: ORG, Name: 'Harbour' }] }));
    expect(await org.organisation()).toMatchObject({ Name: 'Harbour', IsDemoCompany: false });
    expect(asked[0]).toMatchObject({
      method: 'GET',
      url: 'https://api.example/api.xro/2.0/Organisation',
      headers: {
        authorization: 'Bearer token-1',
        'xero-tenant-id': ORG,
        accept: 'application/json',
      },
    });
  });

  it('always asks for a page, or Xero would leave line items out', async () => {
    xeroAnswers(answerOf(200, { Invoices: [] }), answerOf(200, { Contacts: [] }));
    const modifiedSince = new Date('2026-03-01T10:00:00.700Z');
    await org.invoices({ ids: ['a', 'b'], modifiedSince, pageSize: 1000 });
    await org.contacts({ includeArchived: true, where: 'ContactNumber=="L1"', page: 3 });
    const [invoices, contacts] = asked.map(({ url }) => new URL(url).searchParams);
    expect(Object.fromEntries(invoices ?? [])).toEqual({
      page: '1',
      pageSize: '1000',
      unitdp: '4',
      IDs: 'a,b',
    });
    expect(asked[0]?.headers['if-modified-since']).toBe('2026-03-01T10:00:00');
    expect(Object.fromEntries(contacts ?? [])).toEqual({
      page: '3',
      includeArchived: 'true',
      where: 'ContactNumber=="L1"',
    });
  });

  it('writes row by row with the key of the write', async () => {
    const rows = [{ ContactID: CONTACT, Name: 'Mira', StatusAttributeString: 'OK' }];
    xeroAnswers(answerOf(200, { Contacts: rows }), answerOf(200, { Contacts: rows }));
    await org.createContacts([{ Name: 'Mira' }], WRITE_KEY);
    await org.updateContacts([{ ContactID: CONTACT, Name: 'Mira' }], WRITE_KEY);
    expect(asked.map(({ method }) => method)).toEqual(['PUT', 'POST']);
    expect(asked[0]?.url).toContain('summarizeErrors=false');
    expect(asked[0]?.headers['idempotency-key']).toBe(WRITE_KEY);
    expect(JSON.parse(asked[0]?.body ?? '')).toEqual({ Contacts: [{ Name: 'Mira' }] });
  });

  it('sends nothing for no rows and refuses more than Xero takes at once', async () => {
    expect(await org.createContacts([], WRITE_KEY)).toEqual([]);
    const many = Array.from({ length: 501 }, () => ({ Name: 'Mira' }));
    await expect(org.createContacts(many, WRITE_KEY)).rejects.toBeInstanceOf(RangeError);
    expect(asked).toEqual([]);
  });

  it('escapes what stands in a path, where a number is asked for by one at all', async () => {
    const refused = answerOf(400, {
      ErrorNumber: 10,
      Message: 'Filters of this kind take too long',
    });
    xeroAnswers(refused, answerOf(404, ''));
    await org.contactByNumber('../Accounts?x=1');
    expect(asked[1]?.url).toBe('https://api.example/api.xro/2.0/Contacts/..%2FAccounts%3Fx%3D1');
  });
});

describe('a contact by its number', () => {
  const row = (ContactNumber: string) => ({ ContactID: CONTACT, Name: 'Mira', ContactNumber });
  const contacts = (...numbers: string[]) => answerOf(200, { Contacts: numbers.map(row) });

  it('is whoever bears it, blind to case and runs of spaces', async () => {
    xeroAnswers(contacts('l 00001'));
    expect(await org.contactByNumber('L  00001')).toMatchObject({ ContactID: CONTACT });
  });

  it('is nobody who bears another one, or none', async () => {
    xeroAnswers(contacts('L00002', 'L00003'), contacts(''));
    expect(await org.contactByNumber('L00001')).toBeNull();
    expect(await org.contactByNumber('L00001')).toBeNull();
  });

  it.each(['.', '..', '...'])('is asked for by a filter where it is %s', async (number) => {
    xeroAnswers(contacts('L00002', number), contacts('L00002'), answerOf(404, ''));
    expect(await org.contactByNumber(number)).toMatchObject({ ContactNumber: number });
    expect(await org.contactByNumber(number)).toBeNull();
    expect(await org.contactByNumber(number)).toBeNull();
    for (const { url } of asked) {
      expect(new URL(url).pathname).toBe('/api.xro/2.0/Contacts');
      expect(new URL(url).searchParams.get('where')).toBe(`ContactNumber=="${number}"`);
    }
  });

  it.each(['', '.', '..'])('and nothing else is asked for by an address of “%s”', async (id) => {
    expect(await org.contactById(id)).toBeNull();
    expect(await org.credit('credit-note', id)).toBeNull();
    expect(await org.onlineInvoiceUrl(id)).toBeNull();
    expect(asked).toEqual([]);
  });
});

describe('what comes back', () => {
  it('is nobody where Xero answers 404 with a page', async () => {
    xeroAnswers(answerOf(404, '<html>', { 'content-type': 'text/html' }));
    expect(await org.contactByNumber('L00001')).toBeNull();
  });

  it('is an address for an approved sale, null otherwise', async () => {
    const url = 'https://in.xero.example/abc';
    xeroAnswers(
      answerOf(200, { OnlineInvoices: [{ OnlineInvoiceUrl: url }] }),
      answerOf(200, { OnlineInvoices: [{}] }),
      answerOf(404, ''),
    );
    expect(await org.onlineInvoiceUrl(CONTACT)).toBe(url);
    expect(await org.onlineInvoiceUrl(CONTACT)).toBeNull();
    expect(await org.onlineInvoiceUrl(CONTACT)).toBeNull();
  });

  it('is uncertain when fewer rows are answered than were sent', async () => {
    xeroAnswers(answerOf(200, { Contacts: [] }));
    await expect(org.createContacts([{ Name: 'Mira' }], WRITE_KEY)).rejects.toBeInstanceOf(
      XeroUncertainError,
    );
  });

  it('is not sent when it waited so long that somebody else may have read since', async () => {
    ground.clock.advance(29 * MINUTE_MS);
    const renewed = { access_token: jwt({}), expires_in: 1800, refresh_token: 'refresh-2' };
    answers = [
      () => {
        ground.clock.advance(9_000);
        return answerOf(200, renewed);
      },
    ];
    const late = org.updateContacts([{ ContactID: CONTACT, Name: 'Late' }], WRITE_KEY);
    await expect(late).rejects.toMatchObject({ kind: 'local' });
    expect(asked.map(({ url }) => url)).toEqual([expect.stringMatching(/connect\/token$/)]);
  });

  it('tells a broken write from a broken read', async () => {
    const lost = new AnswerLostError('reset');
    xeroAnswers(lost, lost, new NothingSentError('refused'), answerOf(200, 'not json'));
    const write = () => org.createContacts([{ Name: 'Mira' }], WRITE_KEY);
    await expect(write()).rejects.toBeInstanceOf(XeroUncertainError);
    await expect(org.organisation()).rejects.toBeInstanceOf(XeroDownError);
    await expect(write()).rejects.toBeInstanceOf(XeroDownError);
    await expect(write()).rejects.toBeInstanceOf(XeroUncertainError);
  });

  it('takes an answer without its list for broken, not for empty', async () => {
    xeroAnswers(answerOf(200, {}));
    await expect(org.contactByNumber('L00001')).rejects.toThrow(XeroDownError);
    xeroAnswers(answerOf(200, {}));
    await expect(org.contacts({})).rejects.toThrow(XeroDownError);
    xeroAnswers(answerOf(200, { Contacts: [] }));
    expect((await org.contacts({})).rows).toEqual([]);
  });

  it('carries Xero’s words when the whole request is refused', async () => {
    xeroAnswers(answerOf(400, { Type: 'QueryParseException', Message: 'Bad where' }));
    const refusal = await org.contacts({ where: '?' }).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(XeroRefusedError);
    expect(refusal).toMatchObject({ httpStatus: 400, messages: ['Bad where'] });
  });
});

describe('when Xero holds us back', () => {
  it('sends nothing more to this organisation until it may', async () => {
    xeroAnswers(
      answerOf(429, '', { 'retry-after': '26', 'x-rate-limit-problem': 'minute' }),
      answerOf(200, { Payments: [] }),
    );
    await expect(org.payments({})).rejects.toBeInstanceOf(XeroBusyError);
    await expect(org.payments({})).rejects.toMatchObject({ kind: 'minute' });
    expect(asked).toHaveLength(1);
    ground.clock.advance(26_000);
    expect((await org.payments({})).rows).toEqual([]);
  });

  it('gives its place back whatever becomes of a call', async () => {
    for (let count = 0; count < 10; count += 1) {
      xeroAnswers(count % 2 ? new AnswerLostError('reset') : answerOf(500, ''));
      await expect(org.payments({})).rejects.toBeInstanceOf(XeroDownError);
    }
  });
});

describe('when a token is refused', () => {
  const renewed = answerOf(200, {
    access_token: jwt({ xero_userid: 'user-1' }),
    refresh_token: 'refresh-2',
    expires_in: 1800,
  });

  it('is renewed once, and the call goes on', async () => {
    ground.clock.advance(5 * MINUTE_MS);
    xeroAnswers(answerOf(401, ''), renewed, answerOf(200, { Contacts: [] }));
    await expect(org.contacts({})).resolves.toBeDefined();
    expect(asked[1]?.url).toBe('https://identity.example/connect/token');
    expect(asked[1]?.headers.authorization).toMatch(/^Basic /);
  });

  it('is the end of the consent when the renewed one is refused too', async () => {
    ground.clock.advance(5 * MINUTE_MS);
    xeroAnswers(answerOf(401, ''), renewed, answerOf(401, ''));
    await expect(org.contacts({})).rejects.toMatchObject({ reason: 'token-refused' });
    expect(asked).toHaveLength(3);
  });

  it('is told to whoever must know, with when the call was begun', async () => {
    const heard: unknown[] = [];
    xero.client.onConsentLost(async (access, reason, begunAt) => {
      heard.push([access.xeroOrgId, reason, begunAt]);
    });
    xeroAnswers(answerOf(403, ''), answerOf(400, ''));
    await expect(org.contacts({})).rejects.toBeInstanceOf(XeroConsentError);
    await expect(org.contacts({})).rejects.toBeInstanceOf(XeroRefusedError);
    expect(heard).toEqual([[ORG, 'access-removed', ground.clock.now()]]);
  });

  it('is the end at once for lost access or a missing scope', async () => {
    xeroAnswers(answerOf(403, ''));
    await expect(org.contacts({})).rejects.toBeInstanceOf(XeroConsentError);
    xeroAnswers(answerOf(401, '', { 'www-authenticate': 'insufficient_scope' }));
    await expect(org.contacts({})).rejects.toMatchObject({ reason: 'scope-missing' });
    expect(asked).toHaveLength(2);
  });
});

it('never puts a token or the secret into an error', async () => {
  const echo = 'refresh_token=refresh-1&client_secret=the-client-secret Bearer token-12345678';
  xeroAnswers(answerOf(400, echo));
  const refusal = await org.contacts({}).then(
    () => 'not refused',
    (error: unknown) => String(error),
  );
  expect(refusal).toContain('xero.refused');
  expect(refusal).not.toMatch(/refresh-1|the-client-secret|token-12345678/);
});
