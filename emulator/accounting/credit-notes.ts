import { allocationOperations } from './allocations.ts';
import type { ApiAnswer, ApiCall, Operation } from './api-call.ts';
import { notFound } from './api-error.ts';
import { creditNoteActs } from './credit-note-acts.ts';
import { wireCreditNote } from './credit-wire.ts';
import { answerList, orRefuse, sentElements, writeElements } from './envelope.ts';
import { documentFields } from './invoices.ts';
import { outstanding } from './ledger.ts';
import { answerListing } from './list.ts';
import type { Document } from './model.ts';
import { isPdfWanted, pdfAnswer } from './pdf.ts';
import { wireJson } from './wire-json.ts';

function listCreditNotes(call: ApiCall): ApiAnswer {
  const { unitDecimals } = call;
  return answerListing(call, {
    name: 'CreditNotes',
    collection: call.books.creditNotes,
    fields: {
      ...documentFields(call.books),
      creditnoteid: (note: Document) => note.id,
      creditnotenumber: (note: Document) => note.number,
      remainingcredit: (note: Document) => outstanding(note) / 100,
    },
    updatedAtMs: (note) => note.updatedAtMs,
    optimised: {
      equals: [
        'Status',
        'Date',
        'Reference',
        'Contact.ContactID',
        'Contact.Name',
        'Contact.ContactNumber',
        'Type',
      ],
      ranges: ['Date'],
      order: ['CreditNoteID', 'UpdatedDateUTC', 'Date'],
    },
    toJson: (note, isFull) => wireJson(wireCreditNote(call.books, note, { unitDecimals, isFull })),
  });
}

function findCreditNote(call: ApiCall): Document {
  const key = (call.params.CreditNoteID ?? '').toLowerCase();
  const note = call.books.creditNotes.get(key) ?? call.books.creditNotes.find('number', key)[0];
  if (!note) throw notFound();
  return note;
}

function getCreditNote(call: ApiCall): ApiAnswer {
  const note = findCreditNote(call);
  if (isPdfWanted(call)) return pdfAnswer(call, note);
  const { unitDecimals } = call;
  const wire = wireCreditNote(call.books, note, { unitDecimals, isFull: true });
  return answerList(call, 'CreditNotes', [wire]);
}

function updateOneCreditNote(call: ApiCall): ApiAnswer {
  const note = findCreditNote(call);
  const [sent = {}] = sentElements(call.body, 'CreditNotes');
  return answerList(call, 'CreditNotes', [orRefuse(creditNoteActs.update(call, note, sent))]);
}

export const creditNoteOperations: readonly Operation[] = [
  { id: 'getCreditNotes', method: 'GET', path: '/CreditNotes', handle: listCreditNotes },
  {
    id: 'createCreditNotes',
    method: 'PUT',
    path: '/CreditNotes',
    handle: (call) =>
      writeElements(call, 'CreditNotes', (sent) => creditNoteActs.create(call, sent)),
  },
  {
    id: 'updateOrCreateCreditNotes',
    method: 'POST',
    path: '/CreditNotes',
    handle: (call) =>
      writeElements(call, 'CreditNotes', (sent) => creditNoteActs.upsert(call, sent)),
  },
  { id: 'getCreditNote', method: 'GET', path: '/CreditNotes/:CreditNoteID', handle: getCreditNote },
  {
    id: 'updateCreditNote',
    method: 'POST',
    path: '/CreditNotes/:CreditNoteID',
    handle: updateOneCreditNote,
  },
  {
    id: 'getCreditNoteAsPdf',
    method: 'GET',
    path: '/CreditNotes/:CreditNoteID/pdf',
    handle: (call) => pdfAnswer(call, findCreditNote(call)),
  },
  ...allocationOperations('creditNote', '/CreditNotes', 'CreditNoteID', {
    create: 'createCreditNoteAllocation',
    remove: 'deleteCreditNoteAllocations',
  }),
];
