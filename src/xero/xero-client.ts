import { type Clock, plus, SECOND_MS } from '#platform/clock';
import type { XeroConfig } from '#platform/config';
import type { Logger } from '#platform/logger';
import type { Budget } from './budget.ts';
import type { CallWatch } from './call-watch.ts';
import { contactByNumber } from './contact-by-number.ts';
import { creditFilter } from './credit-filter.ts';
import type { GrantVault } from './grant-vault.ts';
import {
  type ConsentLossListener,
  type OrgClient,
  type PaymentQuery,
  ROWS_PER_WRITE,
  type Urgency,
  type XeroClient,
  type XeroOrgAccess,
} from './org-client.ts';
import { failureOf, parseJson, TROUBLE_WAIT_MS } from './read-failure.ts';
import { AnswerLostError, type Send, type WireAnswer } from './request.ts';
import { rowAddress } from './row-address.ts';
import { readContact } from './wire/contact.ts';
import { CREDIT_KINDS, creditReader } from './wire/credit.ts';
import { modifiedSinceHeader } from './wire/date.ts';
import { readInvoice, readOnlineUrl } from './wire/invoice.ts';
import { readOrganisation, readRefusedAct } from './wire/organisation.ts';
import { readOutcomes, readPage, type WirePage } from './wire/page.ts';
import { readBatch, readPayment } from './wire/payment.ts';
import { readAccount, readCurrency, readTaxRate } from './wire/settings.ts';
import {
  XeroBusyError,
  XeroConsentError,
  XeroDownError,
  XeroRefusedError,
  XeroUncertainError,
} from './xero-errors.ts';

interface ClientDeps {
  config: XeroConfig;
  clock: Clock;
  logger: Logger;
  vault: GrantVault;
  budget: Budget;
  send: Send;
  watch: CallWatch;
}

interface Call {
  method: 'GET' | 'POST' | 'PUT';
  path: string;
  /** The list that the answer holds, be it empty: without it the answer is not Xero's. */
  key: string;
  query?: Record<string, string | undefined>;
  headers?: Record<string, string | undefined>;
  body?: unknown;
}

interface BegunCall extends Call {
  access: XeroOrgAccess;
  urgency: Urgency;
  begunAt: Date;
}

/** A write that waited longer is not sent: somebody else may have read since what it would overwrite. */
const WRITE_WAIT_MS = 8 * SECOND_MS;

/** Calls Xero's accounting API for any number of organisations, each within its own limits. */
export function createXeroClient(deps: ClientDeps): XeroClient {
  const listeners: ConsentLossListener[] = [];

  async function call(access: XeroOrgAccess, urgency: Urgency, wanted: Call): Promise<unknown> {
    const begunAt = deps.clock.now();
    try {
      return await callWithFreshToken(deps, { ...wanted, access, urgency, begunAt });
    } catch (error) {
      await deps.watch.failed(access, error);
      if (error instanceof XeroConsentError) {
        for (const listener of listeners) await listener(access, error.reason, begunAt);
      }
      throw error;
    }
  }

  return {
    forOrg: (access, urgency = 'background') =>
      orgClient((wanted) => call(access, urgency, wanted), deps.logger),
    onConsentLost: (listener) => {
      listeners.push(listener);
    },
  };
}

/** Xero may refuse a token that should be good; it is renewed once, then the refusal counts. */
async function callWithFreshToken(deps: ClientDeps, call: BegunCall): Promise<unknown> {
  const { access } = call;
  let token = await deps.vault.freshToken(access.grantId);
  for (let round = 1; ; round += 1) {
    try {
      return await callOnce(deps, call, token.accessToken);
    } catch (error) {
      const isRefused = error instanceof XeroConsentError && error.reason === 'token-refused';
      if (!isRefused || round > 1) throw error;
      token = await deps.vault.freshToken(access.grantId, token.generation);
    }
  }
}

async function callOnce(deps: ClientDeps, call: BegunCall, accessToken: string): Promise<unknown> {
  const { budget, clock } = deps;
  const { access } = call;
  const isWrite = call.method !== 'GET';
  const lease = await budget.claim(access.xeroOrgId, call.urgency);
  if (isWrite && plus(call.begunAt, WRITE_WAIT_MS) < clock.now()) {
    await budget.settle(lease, null, null);
    throw new XeroBusyError('local', plus(clock.now(), SECOND_MS), { urgency: call.urgency });
  }
  let answer: WireAnswer;
  try {
    answer = await deps.send({
      method: call.method,
      url: addressOf(deps.config, call),
      headers: headersOf(access, call, accessToken),
      ...(call.body === undefined ? {} : { body: JSON.stringify(call.body) }),
    });
  } catch (error) {
    await budget.settle(lease, null, null);
    if (isWrite && error instanceof AnswerLostError) {
      throw new XeroUncertainError('Xero did not answer.', { cause: error });
    }
    const retryAt = plus(clock.now(), TROUBLE_WAIT_MS);
    const isTooMuch = error instanceof AnswerLostError && error.isTooMuch;
    throw new XeroDownError('Xero does not answer.', retryAt, { cause: error, isTooMuch });
  }
  const failure = failureOf(answer, isWrite, clock.now(), call.urgency);
  await budget.settle(lease, answer, failure instanceof XeroBusyError ? failure : null);
  await deps.watch.answered(access, answer);
  if (failure) throw failure;
  return readBody(answer, call.key, isWrite, clock);
}

function addressOf(config: XeroConfig, { path, query = {} }: Call): string {
  const given = Object.entries(query).filter(
    (pair): pair is [string, string] => pair[1] !== undefined,
  );
  const search = new URLSearchParams(given).toString();
  return `${config.apiUrl}/api.xro/2.0${path}${search ? `?${search}` : ''}`;
}

function headersOf(access: XeroOrgAccess, call: Call, accessToken: string): Record<string, string> {
  const headers: Record<string, string> = {
    authorization: `Bearer ${accessToken}`,
    'xero-tenant-id': access.xeroOrgId,
    accept: 'application/json',
  };
  if (call.body !== undefined) headers['content-type'] = 'application/json';
  for (const [name, value] of Object.entries(call.headers ?? {})) {
    if (value !== undefined) headers[name] = value;
  }
  return headers;
}

function readBody(answer: WireAnswer, key: string, isWrite: boolean, clock: Clock): unknown {
  const body = parseJson(answer.text);
  if (body !== null && typeof body === 'object' && key in body) return body;
  if (isWrite) throw new XeroUncertainError('Xero’s answer could not be read.');
  const retryAt = plus(clock.now(), TROUBLE_WAIT_MS);
  throw new XeroDownError('Xero’s answer could not be read.', retryAt);
}

/** `summarizeErrors=false`: one faulty row must not refuse the other 49 (the live default does). */
const ROW_BY_ROW = { summarizeErrors: 'false' };

function orgClient(call: (call: Call) => Promise<unknown>, logger: Logger): OrgClient {
  async function list<Row>(
    key: string,
    read: (json: unknown) => Row | null,
    spec: Omit<Call, 'method' | 'path' | 'key'>,
  ): Promise<WirePage<Row>> {
    const body = await call({ method: 'GET', path: `/${key}`, key, ...spec });
    const page = readPage(body, key, read);
    const unreadable = page.unreadable.length;
    if (unreadable > 0) {
      logger.warn({ list: key, unreadable }, 'rows from Xero had no known shape');
    }
    return page;
  }

  async function one<Row>(path: string | null, key: string, read: (json: unknown) => Row | null) {
    if (path === null) return null;
    try {
      return readPage(await call({ method: 'GET', path, key }), key, read).rows[0] ?? null;
    } catch (error) {
      if (error instanceof XeroRefusedError && error.httpStatus === 404) return null;
      throw error;
    }
  }

  async function writeContacts(
    method: 'PUT' | 'POST',
    rows: readonly object[],
    idempotencyKey: string,
  ) {
    if (rows.length > ROWS_PER_WRITE) {
      throw new RangeError(`At most ${ROWS_PER_WRITE} contacts in one write, not ${rows.length}`);
    }
    if (rows.length === 0) return [];
    const body = await call({
      method,
      path: '/Contacts',
      query: ROW_BY_ROW,
      headers: { 'idempotency-key': idempotencyKey },
      key: 'Contacts',
      body: { Contacts: rows },
    });
    const outcomes = readOutcomes(body, 'Contacts', readContact);
    if (outcomes.length === rows.length) return outcomes;
    throw new XeroUncertainError(
      `Xero answered about ${outcomes.length} of ${rows.length} contacts.`,
    );
  }

  const contacts: OrgClient['contacts'] = (query) =>
    list('Contacts', readContact, {
      query: {
        ...pageQuery(query),
        IDs: query.ids?.join(','),
        includeArchived: query.includeArchived ? 'true' : undefined,
        searchTerm: query.searchTerm,
      },
      headers: sinceHeader(query),
    });
  const contactAt = (path: string | null) => one(path, 'Contacts', readContact);

  return {
    async organisation() {
      const found = await one('/Organisation', 'Organisations', readOrganisation);
      if (found !== null) return found;
      throw new XeroRefusedError(404, ['Xero described no organisation.']);
    },
    async refusedActs() {
      const body = await call({ method: 'GET', path: '/Organisation/Actions', key: 'Actions' });
      return readPage(body, 'Actions', readRefusedAct).rows;
    },
    contacts,
    contactByNumber: (number) => contactByNumber({ list: contacts, at: contactAt }, number),
    contactById: (id) => contactAt(rowAddress('Contacts', id)),
    createContacts: (contacts, key) => writeContacts('PUT', contacts, key),
    updateContacts: (contacts, key) => writeContacts('POST', contacts, key),
    invoices: (query) =>
      list('Invoices', readInvoice, {
        query: {
          ...pageQuery(query),
          unitdp: '4',
          IDs: query.ids?.join(','),
          ContactIDs: query.contactIds?.join(','),
          summaryOnly: query.isSummary ? 'true' : undefined,
        },
        headers: sinceHeader(query),
      }),
    credits: (kind, query) =>
      list(CREDIT_KINDS[kind].list, creditReader(kind), {
        query: { ...pageQuery(query, creditFilter(kind, query)), unitdp: '4' },
        headers: sinceHeader(query),
      }),
    credit: (kind, idOrNumber) => {
      const { list: key } = CREDIT_KINDS[kind];
      return one(rowAddress(key, idOrNumber), key, creditReader(kind));
    },
    payments: (query) =>
      list('Payments', readPayment, { query: pageQuery(query), headers: sinceHeader(query) }),
    batchPayments: () => list('BatchPayments', readBatch, {}),
    accounts: async () => (await list('Accounts', readAccount, {})).rows,
    taxRates: async () => (await list('TaxRates', readTaxRate, {})).rows,
    currencies: async () => (await list('Currencies', readCurrency, {})).rows,
    async onlineInvoiceUrl(invoiceId) {
      const path = rowAddress('Invoices', invoiceId);
      return one(path && `${path}/OnlineInvoice`, 'OnlineInvoices', readOnlineUrl);
    },
  };
}

function pageQuery(query: PaymentQuery, where = query.where) {
  return {
    // Xero heeds the size only together with the page, and gives line items only with a page.
    page: String(query.page ?? 1),
    pageSize: query.pageSize?.toString(),
    where,
    order: query.order,
  };
}

function sinceHeader(query: { modifiedSince?: Date }): Record<string, string | undefined> {
  const since = query.modifiedSince;
  return { 'if-modified-since': since && modifiedSinceHeader(since) };
}
