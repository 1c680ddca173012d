import { expect, it } from 'vitest';
import type { DocumentId, LearnerId, XeroOrgId } from '#contract/ids';
import type { BursarEvent, FieldChange } from './event.ts';
import { inWords } from './field-labels.ts';
import { summaryOf } from './history-sentences.ts';

const learnerId = '01890000-0000-7000-8000-000000000001' as LearnerId;
const xeroOrgId = '01890000-0000-7000-8000-000000000002' as XeroOrgId;
const change = (
  field: string,
  to: string | null = 'new',
  from: string | null = null,
): FieldChange => ({
  field,
  from,
  to,
});

function changed(...changes: FieldChange[]): BursarEvent {
  return {
    kind: 'learner.changed',
    learnerId,
    revision: 2,
    syncToXero: false,
    campus: null,
    changes,
  };
}

function paper(...changes: FieldChange[]): BursarEvent {
  const documentId = '01890000-0000-7000-8000-000000000003' as DocumentId;
  return {
    kind: 'document.mirrored',
    documentId,
    learnerId,
    number: 'INV-7',
    what: 'changed',
    changes,
  };
}

const contact = { learnerId, xeroOrgId, contactId: 'c' };
const paid = change('payment', '50.00 AUD on 2026-03-04');

it.each([
  [
    'Added',
    { kind: 'learner.added', learnerId, name: 'Mia', revision: 1, syncToXero: false, campus: null },
  ],
  [
    'Added, with Sync to Xero on',
    { kind: 'learner.added', learnerId, name: 'Mia', revision: 1, syncToXero: true, campus: null },
  ],
  ['Turned Sync to Xero off', changed(change('syncToXero', 'no', 'yes'))],
  ['Made inactive', changed(change('isActive', 'no', 'yes'))],
  ['Changed e-mail', changed(change('email'))],
  [
    'Changed first name, USI and street address',
    changed(
      change('firstName'),
      change('usi'),
      change('streetAddress.suburb'),
      change('streetAddress.state'),
    ),
  ],
  [
    'Changed 4 fields',
    changed(change('firstName'), change('usi'), change('email'), change('title')),
  ],
  ['Put into Xero as a new contact', { kind: 'contact.linked', how: 'created', ...contact }],
  [
    'Found in Xero by the learner number and linked',
    { kind: 'contact.linked', how: 'found', ...contact },
  ],
  [
    'Linked to a contact that was in Xero already',
    { kind: 'contact.linked', how: 'adopted', ...contact },
  ],
  ['Sent to Xero', { kind: 'contact.pushed', learnerId, xeroOrgId, revision: 2, changes: [] }],
  [
    'Sent to Xero; replaced what had been changed there: e-mail',
    { kind: 'contact.pushed', learnerId, xeroOrgId, revision: 2, changes: [change('email')] },
  ],
  [
    'Could not be sent to Xero: No. Never.',
    { kind: 'contact.refused', learnerId, xeroOrgId, reasons: ['No.', 'Never.'] },
  ],
  ['Invoice INV-7 is now approved', paper(change('status', 'approved', 'draft'), change('total'))],
  [
    'Invoice INV-7 was paid 50.00 AUD on 2026-03-04',
    paper(change('status', 'part-paid', 'approved'), paid, change('due')),
  ],
  [
    'Invoice INV-7 was paid 50.00 AUD on 2026-03-04, in full',
    paper(change('status', 'paid', 'part-paid'), paid),
  ],
  ['Invoice INV-7: a payment was removed in Xero', paper(change('payment', null, '50.00 AUD'))],
  [
    'Invoice INV-7 was voided in Xero',
    paper(change('status', 'voided', 'approved'), change('due')),
  ],
  [
    'Invoice INV-7 was moved to someone else in Xero',
    paper(change('contact', 'someone else in Xero', 'this learner')),
  ],
  [
    'Invoice INV-7 changed in Xero: due date and reference',
    paper(change('dueDate'), change('reference')),
  ],
] as [string, BursarEvent][])('%s', (sentence, event) => {
  expect(summaryOf(event)).toBe(sentence);
});

it('labels fields of learners and of papers in plain words', () => {
  const fields = ['dueDate', 'postalAddress.poBox', 'phoneMobile', 'somethingNew'].map((field) =>
    change(field),
  );
  expect(inWords(fields).map(({ field }) => field)).toEqual([
    'Due date',
    'Postal address, PO box',
    'Mobile',
    'somethingNew',
  ]);
});
