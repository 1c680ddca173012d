import type { BursarEvent, FieldChange } from '#events/index';
import { fieldList } from './field-labels.ts';

/** One plain sentence for an event of a learner's history, whichever room it comes from. */
export function summaryOf(event: BursarEvent): string {
  switch (event.kind) {
    case 'learner.added':
      return event.syncToXero ? 'Added, with Sync to Xero on' : 'Added';
    case 'learner.changed':
      return changeSummary(event.changes);
    case 'contact.linked':
      return linkSummary(event.how);
    case 'contact.pushed':
      return event.changes.length > 0
        ? `Sent to Xero; replaced what had been changed there: ${fieldList(event.changes)}`
        : 'Sent to Xero';
    case 'contact.undecided':
      return event.candidates === 1
        ? 'A contact in Xero may be this learner; someone has to decide'
        : `${event.candidates} contacts in Xero may be this learner; someone has to decide`;
    case 'contact.to-create':
      return 'Decided that nobody in Xero is this learner, so a new contact is made';
    case 'contact.refused':
      return `Could not be sent to Xero: ${event.reasons.join(' ') || 'no reason was given'}`;
    case 'document.mirrored':
      return documentSummary(event.number, event.what, event.changes);
    default:
      return inPlainWords(event.kind);
  }
}

function changeSummary(changes: readonly FieldChange[]): string {
  const [only] = changes;
  if (changes.length === 1 && only?.field === 'syncToXero') {
    return `Turned Sync to Xero ${only.to === 'yes' ? 'on' : 'off'}`;
  }
  if (changes.length === 1 && only?.field === 'isActive') {
    return only.to === 'yes' ? 'Made active' : 'Made inactive';
  }
  return `Changed ${fieldList(changes)}`;
}

function linkSummary(how: 'created' | 'found' | 'adopted'): string {
  if (how === 'created') return 'Put into Xero as a new contact';
  if (how === 'found') return 'Found in Xero by the learner number and linked';
  return 'Linked to a contact that was in Xero already';
}

/** The most telling of what changed: moved away, voided, payments, state, else the fields. */
function documentSummary(
  number: string | null,
  what: 'appeared' | 'changed',
  changes: readonly FieldChange[],
): string {
  const paper = number ? `Invoice ${number}` : 'An invoice without a number';
  if (what === 'appeared') return `${paper} arrived from Xero`;
  const changeOf = (field: string) => changes.find((change) => change.field === field);
  if (changeOf('contact')) return `${paper} was moved to someone else in Xero`;
  const status = changeOf('status')?.to;
  if (status === 'voided' || status === 'deleted') return `${paper} was ${status} in Xero`;
  const payments = changes.filter((change) => change.field === 'payment');
  if (payments.length > 0) return paymentSummary(paper, payments, status === 'paid');
  if (status) return `${paper} is now ${status.replace('-', ' ')}`;
  return `${paper} changed in Xero: ${fieldList(changes)}`;
}

function paymentSummary(
  paper: string,
  payments: readonly FieldChange[],
  isPaidNow: boolean,
): string {
  const come = payments.flatMap((payment) => payment.to ?? []);
  if (come.length === 0) return `${paper}: a payment was removed in Xero`;
  return `${paper} was paid ${come.join(' and ')}${isPaidNow ? ', in full' : ''}`;
}

/** An event that has no sentence of its own yet still reads as words. */
function inPlainWords(kind: string): string {
  const words = kind.replace(/[.-]/g, ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}
