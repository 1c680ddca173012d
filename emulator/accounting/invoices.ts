import { dayMs } from '../core/dates.ts';
import type { Optimised } from '../rules/efficiency.ts';
import type { Fields } from '../rules/where.ts';
import type { ApiAnswer, ApiCall, Operation } from './api-call.ts';
import { badRequest, notFound } from './api-error.ts';
import type { Books } from './books.ts';
import { wireInvoice } from './document-wire.ts';
import {
  answerEmpty,
  answerJson,
  answerList,
  orRefuse,
  refuse,
  sentElements,
  writeElements,
} from './envelope.ts';
import { noteHistory } from './history.ts';
import { invoiceActs } from './invoice-acts.ts';
import { hasSettlements, outstanding } from './ledger.ts';
import { answerListing, queryIds, queryList, rowsById } from './list.ts';
import { spendMail } from './mail-cap.ts';
import type { Document } from './model.ts';
import { onlineInvoiceToken } from './online-invoice.ts';
import { isPdfWanted, pdfAnswer } from './pdf.ts';
import { WireCache } from './wire-cache.ts';
import { wireJson } from './wire-json.ts';

/** Fields by which every kind of paper can be filtered and sorted. */
export function documentFields(books: Books): Fields<Document> {
  const contact = (document: Document) => books.contacts.get(document.contactId);
  return {
    type: (document) => document.type,
    status: (document) => document.status,
    reference: (document) => document.reference,
    date: (document) => dayMs(document.day),
    duedate: (document) => (document.dueDay ? dayMs(document.dueDay) : null),
    total: (document) => document.total / 100,
    subtotal: (document) => document.subTotal / 100,
    totaltax: (document) => document.totalTax / 100,
    currencycode: (document) => document.currency,
    updateddateutc: (document) => document.updatedAtMs,
    'contact.contactid': (document) => document.contactId,
    'contact.name': (document) => contact(document)?.name,
    'contact.contactnumber': (document) => contact(document)?.number,
    'contact.emailaddress': (document) => contact(document)?.email,
  };
}

function invoiceFields(books: Books): Fields<Document> {
  return {
    ...documentFields(books),
    invoiceid: (invoice) => invoice.id,
    invoicenumber: (invoice) => invoice.number,
    amountdue: (invoice) => outstanding(invoice) / 100,
    amountpaid: (invoice) => invoice.paid / 100,
    amountcredited: (invoice) => invoice.credited / 100,
    fullypaidondate: (invoice) => (invoice.fullyPaidDay ? dayMs(invoice.fullyPaidDay) : null),
    expectedpaymentdate: (invoice) => (invoice.expectedDay ? dayMs(invoice.expectedDay) : null),
    senttocontact: (invoice) => invoice.isSent,
  };
}

const OPTIMISED: Optimised = {
  equals: [
    'Status',
    'Contact.ContactID',
    'Contact.Name',
    'Contact.ContactNumber',
    'Reference',
    'InvoiceNumber',
    'InvoiceID',
    'Date',
    'Type',
    'AmountDue',
    'AmountPaid',
    'DueDate',
  ],
  ranges: ['Date', 'AmountDue', 'DueDate'],
  anyOf: ['InvoiceID'],
  order: ['InvoiceID', 'UpdatedDateUTC', 'Date'],
};

/** One for each way in which lists write invoices. */
const invoiceCaches = new Map<string, WireCache<Document>>();

function cacheFor(variant: string): WireCache<Document> {
  const cache = invoiceCaches.get(variant) ?? new WireCache<Document>();
  invoiceCaches.set(variant, cache);
  return cache;
}

function listInvoices(call: ApiCall): ApiAnswer {
  const { unitDecimals } = call;
  const isSummary = call.query.summaryonly?.toLowerCase() === 'true';
  const reader = (isFull: boolean) =>
    cacheFor(`${unitDecimals} ${isFull} ${isSummary}`).reader(call.books, (invoice) =>
      wireJson(wireInvoice(call.books, invoice, { unitDecimals, isFull, isSummary })),
    );
  const [whole, bare] = [reader(true), reader(false)];
  return answerListing(call, {
    name: 'Invoices',
    collection: call.books.invoices,
    fields: invoiceFields(call.books),
    updatedAtMs: (invoice) => invoice.updatedAtMs,
    narrow: narrowInvoices,
    filters: invoiceFilters,
    isAlwaysPaged: () => isSummary,
    optimised: OPTIMISED,
    toJson: (invoice, isPaged) => (isPaged && !isSummary ? whole : bare)(invoice),
  });
}

function narrowInvoices(call: ApiCall): readonly Document[] | undefined {
  const { invoices } = call.books;
  const ids = queryIds(call);
  if (ids) return rowsById(invoices, ids);
  const numbers = queryList(call, 'InvoiceNumbers');
  if (numbers) return numbers.flatMap((number) => invoices.find('number', number.toLowerCase()));
  const contactIds = queryList(call, 'ContactIDs');
  return contactIds?.flatMap((id) => invoices.find('contact', id.toLowerCase()));
}

function invoiceFilters(call: ApiCall): ((invoice: Document) => boolean)[] {
  const filters: ((invoice: Document) => boolean)[] = [];
  const statuses = queryList(call, 'Statuses')?.map((status) => status.toUpperCase());
  if (statuses) filters.push((invoice) => statuses.includes(invoice.status));
  const contactIds = queryList(call, 'ContactIDs')?.map((id) => id.toLowerCase());
  if (contactIds) filters.push((invoice) => contactIds.includes(invoice.contactId));
  if (call.query.createdbymyapp?.toLowerCase() === 'true') {
    filters.push((invoice) => invoice.createdByApp === call.appId);
  }
  const term = call.query.searchterm?.trim().toLowerCase();
  if (term) {
    filters.push((invoice) =>
      [invoice.number, invoice.reference].some((text) => text.toLowerCase().includes(term)),
    );
  }
  return filters;
}

/** By InvoiceID, or by InvoiceNumber. */
export function findInvoice(call: ApiCall): Document {
  const key = (call.params.InvoiceID ?? '').toLowerCase();
  const invoice = call.books.invoices.get(key) ?? call.books.invoices.find('number', key)[0];
  if (!invoice) throw notFound();
  return invoice;
}

function getInvoice(call: ApiCall): ApiAnswer {
  const { unitDecimals } = call;
  const invoice = findInvoice(call);
  if (isPdfWanted(call)) return pdfAnswer(call, invoice);
  return answerList(call, 'Invoices', [
    wireInvoice(call.books, invoice, { unitDecimals, isFull: true }),
  ]);
}

function updateOneInvoice(call: ApiCall): ApiAnswer {
  const invoice = findInvoice(call);
  const [sent = {}] = sentElements(call.body, 'Invoices');
  return answerList(call, 'Invoices', [orRefuse(invoiceActs.update(call, invoice, sent))]);
}

function getOnlineInvoice(call: ApiCall): ApiAnswer {
  const invoice = findInvoice(call);
  const isShown = invoice.type === 'ACCREC' && ['AUTHORISED', 'PAID'].includes(invoice.status);
  if (!isShown) {
    throw badRequest(
      'ValidationException',
      'Online invoices are only available for approved sales invoices',
    );
  }
  const token = onlineInvoiceToken(call.books.orgId, invoice.id);
  return answerJson({ OnlineInvoices: [{ OnlineInvoiceUrl: `${call.baseUrl}/online/${token}` }] });
}

/** Mails the invoice to the contact: 204, and it counts as sent. */
function emailInvoice(call: ApiCall): ApiAnswer {
  const invoice = findInvoice(call);
  const email = call.books.contacts.get(invoice.contactId)?.email;
  const isReady = ['SUBMITTED', 'AUTHORISED', 'PAID'].includes(invoice.status);
  const problem =
    !isReady || invoice.type !== 'ACCREC'
      ? 'Only submitted or approved sales invoices can be emailed'
      : !email
        ? 'The contact of this invoice has no email address'
        : spendMail(call);
  if (problem) orRefuse(refuse({}, [problem], 'InvoiceID', invoice.id));
  const isMoved = !hasSettlements(invoice);
  const updatedAtMs = isMoved ? call.clock.nowMs() : invoice.updatedAtMs;
  call.books.invoices.put({ ...invoice, isSent: true, updatedAtMs });
  noteHistory(call, invoice.id, 'Emailed', `Sent to ${email}`);
  return answerEmpty(204);
}

export const invoiceOperations: readonly Operation[] = [
  { id: 'getInvoices', method: 'GET', path: '/Invoices', handle: listInvoices },
  {
    id: 'createInvoices',
    method: 'PUT',
    path: '/Invoices',
    handle: (call) => writeElements(call, 'Invoices', (sent) => invoiceActs.create(call, sent)),
  },
  {
    id: 'updateOrCreateInvoices',
    method: 'POST',
    path: '/Invoices',
    handle: (call) => writeElements(call, 'Invoices', (sent) => invoiceActs.upsert(call, sent)),
  },
  { id: 'getInvoice', method: 'GET', path: '/Invoices/:InvoiceID', handle: getInvoice },
  { id: 'updateInvoice', method: 'POST', path: '/Invoices/:InvoiceID', handle: updateOneInvoice },
  {
    id: 'getInvoiceAsPdf',
    method: 'GET',
    path: '/Invoices/:InvoiceID/pdf',
    handle: (call) => pdfAnswer(call, findInvoice(call)),
  },
  { id: 'emailInvoice', method: 'POST', path: '/Invoices/:InvoiceID/Email', handle: emailInvoice },
  {
    id: 'getOnlineInvoice',
    method: 'GET',
    path: '/Invoices/:InvoiceID/OnlineInvoice',
    handle: getOnlineInvoice,
  },
];
