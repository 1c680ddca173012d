import { allocationOperations } from './allocations.ts';
import type { ApiAnswer, ApiCall, Operation } from './api-call.ts';
import { notFound } from './api-error.ts';
import { documentsOf } from './books.ts';
import { CREDIT_NAMES, wireAdvance } from './credit-wire.ts';
import { answerList } from './envelope.ts';
import { documentFields } from './invoices.ts';
import { outstanding } from './ledger.ts';
import { answerListing, queryList } from './list.ts';
import type { Document } from './model.ts';
import { wireJson } from './wire-json.ts';

/** Prepayments and overpayments: read here, made by bank transactions, used by allocations. */
type AdvanceKind = 'prepayment' | 'overpayment';

function listAdvances(call: ApiCall, kind: AdvanceKind): ApiAnswer {
  const { unitDecimals } = call;
  return answerListing(call, {
    name: CREDIT_NAMES[kind].many,
    collection: documentsOf(call.books, kind),
    fields: {
      ...documentFields(call.books),
      [CREDIT_NAMES[kind].id.toLowerCase()]: (credit: Document) => credit.id,
      remainingcredit: (credit: Document) => outstanding(credit) / 100,
    },
    updatedAtMs: (credit) => credit.updatedAtMs,
    filters: () => filtersOf(call, kind),
    toJson: (credit, isFull) => wireJson(wireAdvance(call.books, credit, { unitDecimals, isFull })),
  });
}

/** Prepayments can be asked for by their invoice number, overpayments by their reference. */
function filtersOf(call: ApiCall, kind: AdvanceKind): ((credit: Document) => boolean)[] {
  const asked = queryList(call, kind === 'prepayment' ? 'InvoiceNumbers' : 'References');
  if (!asked) return [];
  const wanted = new Set(asked.map((text) => text.toLowerCase()));
  return [(credit) => wanted.has(credit.reference.toLowerCase())];
}

function getAdvance(call: ApiCall, kind: AdvanceKind): ApiAnswer {
  const { id, many } = CREDIT_NAMES[kind];
  const credit = documentsOf(call.books, kind).get((call.params[id] ?? '').toLowerCase());
  if (!credit) throw notFound();
  return answerList(call, many, [
    wireAdvance(call.books, credit, { unitDecimals: call.unitDecimals, isFull: true }),
  ]);
}

export const advanceOperations: readonly Operation[] = [
  {
    id: 'getPrepayments',
    method: 'GET',
    path: '/Prepayments',
    handle: (call) => listAdvances(call, 'prepayment'),
  },
  {
    id: 'getPrepayment',
    method: 'GET',
    path: '/Prepayments/:PrepaymentID',
    handle: (call) => getAdvance(call, 'prepayment'),
  },
  ...allocationOperations('prepayment', '/Prepayments', 'PrepaymentID', {
    create: 'createPrepaymentAllocations',
    remove: 'deletePrepaymentAllocations',
  }),
  {
    id: 'getOverpayments',
    method: 'GET',
    path: '/Overpayments',
    handle: (call) => listAdvances(call, 'overpayment'),
  },
  {
    id: 'getOverpayment',
    method: 'GET',
    path: '/Overpayments/:OverpaymentID',
    handle: (call) => getAdvance(call, 'overpayment'),
  },
  ...allocationOperations('overpayment', '/Overpayments', 'OverpaymentID', {
    create: 'createOverpaymentAllocations',
    remove: 'deleteOverpaymentAllocations',
  }),
];
