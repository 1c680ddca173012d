import { wireDay } from '../core/dates.ts';
import { centsToNumber } from '../core/decimal.ts';
import type { ApiAnswer, ApiCall, Operation } from './api-call.ts';
import { notFound } from './api-error.ts';
import type { Books } from './books.ts';
import { wireContactReference } from './contact-wire.ts';
import { wireLines } from './document-wire.ts';
import { answerList } from './envelope.ts';
import { answerListing } from './list.ts';
import type { RepeatingInvoice } from './settings-model.ts';
import type { Wire } from './wire-common.ts';
import { wireJson } from './wire-json.ts';

/** Templates of invoices. They are seeded and read; nothing comes of them by itself here. */
function wireRepeating(books: Books, template: RepeatingInvoice): Wire {
  const contact = books.contacts.get(template.contactId);
  const { schedule } = template;
  return {
    Schedule: {
      Period: schedule.period,
      Unit: schedule.unit,
      DueDate: schedule.dueDate,
      DueDateType: schedule.dueDateType,
      StartDate: wireDay(schedule.startDay),
      NextScheduledDate: wireDay(schedule.nextDay),
    },
    RepeatingInvoiceID: template.id,
    ID: template.id,
    Type: template.type,
    Reference: template.reference,
    HasAttachments: books.attachments.find('subject', template.id).length > 0,
    ApprovedForSending: false,
    SendCopy: false,
    MarkAsSent: false,
    IncludePDF: false,
    ...(contact ? { Contact: wireContactReference(contact) } : {}),
    Status: template.status,
    LineAmountTypes: template.lineAmountTypes,
    LineItems: wireLines(books, template.lines, 4),
    SubTotal: centsToNumber(template.subTotal),
    TotalTax: centsToNumber(template.totalTax),
    Total: centsToNumber(template.total),
    CurrencyCode: template.currency,
  };
}

function listTemplates(call: ApiCall): ApiAnswer {
  return answerListing(call, {
    name: 'RepeatingInvoices',
    isUnpaged: true,
    collection: call.books.repeatingInvoices,
    fields: {
      repeatinginvoiceid: (template) => template.id,
      status: (template) => template.status,
      type: (template) => template.type,
      reference: (template) => template.reference,
      'contact.contactid': (template) => template.contactId,
    },
    toJson: (template) => wireJson(wireRepeating(call.books, template)),
  });
}

function getTemplate(call: ApiCall): ApiAnswer {
  const id = (call.params.RepeatingInvoiceID ?? '').toLowerCase();
  const template = call.books.repeatingInvoices.get(id);
  if (!template) throw notFound();
  return answerList(call, 'RepeatingInvoices', [wireRepeating(call.books, template)]);
}

export const repeatingInvoiceOperations: readonly Operation[] = [
  { id: 'getRepeatingInvoices', method: 'GET', path: '/RepeatingInvoices', handle: listTemplates },
  {
    id: 'getRepeatingInvoice',
    method: 'GET',
    path: '/RepeatingInvoices/:RepeatingInvoiceID',
    handle: getTemplate,
  },
];
