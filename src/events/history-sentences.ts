import type { DocumentKind } from '#contract/billing';
import { type ErrorCode, errorTexts } from '#contract/errors';
import type { AboutParty, BursarEvent, EventOf, FieldChange } from './event.ts';
import { fieldList } from './field-labels.ts';

/** One plain sentence for an event of a learner's or workplace's history, whichever room it comes from. */
export function summaryOf(event: BursarEvent): string {
  switch (event.kind) {
    case 'learner.added':
      return event.syncToXero ? 'Added, with Sync to Xero on' : 'Added';
    case 'learner.changed':
      return changeSummary(event.changes);
    case 'workplace.added':
      return event.syncToXero ? 'Added, with Sync to Xero on' : 'Added';
    case 'workplace.changed':
      return changeSummary(event.changes);
    case 'learner.workplace-set':
      return event.workplaceName === null
        ? `No longer at ${event.formerName ?? 'a workplace'}`
        : `Works at ${event.workplaceName}`;
    case 'learner.merged':
      return `${event.mergedName} was merged into this learner`;
    case 'learner.merged-away':
      return `Merged into ${event.keptName}`;
    case 'learner.unmerged':
      return `The merge with ${event.mergedName} was undone`;
    case 'learner.merge-undone':
      return `The merge into ${event.keptName} was undone`;
    case 'contact.linked':
      return linkSummary(event.how, whoIn(event));
    case 'contact.relinked':
      return `Linked to another contact in Xero: ${event.changes[0]?.to ?? 'one without a name'}`;
    case 'contact.pushed':
      return event.changes.length > 0
        ? `Sent to Xero; replaced what had been changed there: ${fieldList(event.changes)}`
        : 'Sent to Xero';
    case 'contact.drift-decided':
      return driftSummary(event);
    case 'contact.undecided':
      return event.candidates === 1
        ? `A contact in Xero may be this ${whoIn(event)}; someone has to decide`
        : `${event.candidates} contacts in Xero may be this ${whoIn(event)}; someone has to decide`;
    case 'contact.to-create':
      return `Decided that nobody in Xero is this ${whoIn(event)}, so a new contact is made`;
    case 'contact.refused':
      return `Could not be sent to Xero: ${event.reasons.join(' ') || 'no reason was given'}`;
    case 'document.mirrored':
      return documentSummary(paperName(event.paper ?? 'invoice', event.number), event);
    case 'connection.activated':
      return event.xeroPerson
        ? `Connected to ${event.organisationName}, allowed at Xero by ${event.xeroPerson}`
        : `Connected to ${event.organisationName}`;
    case 'connection.consent-lost':
      return 'Xero no longer lets Bursar in';
    case 'connection.paused':
      return 'Paused';
    case 'connection.resumed':
      return 'Resumed';
    case 'connection.trouble-began':
      return `Trouble began: ${titleOf(event.code)}`;
    case 'connection.trouble-over':
      return `Trouble is over: ${titleOf(event.code)}`;
    case 'connection.organisation-changed':
      return 'The organisation changed its details in Xero';
    case 'connection.organisation-reset':
      return 'Xero reset the demo company: contacts and papers of before are gone, here too';
    case 'connection.in-step':
      return 'Both sides are in step again';
    case 'connection.disconnected':
      return 'Disconnected';
    case 'contact.changed-in-xero':
      return contactSummary(event.what, event.changes);
    default:
      return inPlainWords(event.kind);
  }
}

function titleOf(code: string): string {
  return code in errorTexts ? errorTexts[code as ErrorCode].title : code;
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

function whoIn(event: AboutParty): 'learner' | 'workplace' {
  return event.learnerId === undefined ? 'workplace' : 'learner';
}

function driftSummary({ how, by, changes }: EventOf<'contact.drift-decided'>): string {
  const rule = by === 'rule' ? ', as the sync rules say' : '';
  const fields = fieldList(changes);
  switch (how) {
    case 'taken':
      return `Took over what Xero says: ${fields}${rule}`;
    case 'pushed':
      return `Ours is to replace what was changed in Xero: ${fields}${rule}`;
    case 'ignored':
      return `May differ between Bursar and Xero: ${fields}`;
    case 'asked-again':
      return 'May no longer differ from Xero unasked';
  }
}

function linkSummary(how: 'created' | 'found' | 'adopted', who: string): string {
  if (how === 'created') return 'Put into Xero as a new contact';
  if (how === 'found') return `Found in Xero by the ${who} number and linked`;
  return 'Linked to a contact that was in Xero already';
}

const PAPER_WORDS: Record<DocumentKind, string> = {
  invoice: 'invoice',
  'credit-note': 'credit note',
  prepayment: 'prepayment',
  overpayment: 'overpayment',
};

/** Prepayments and overpayments bear no numbers. */
function paperName(kind: DocumentKind, number: string | null): string {
  const word = PAPER_WORDS[kind];
  if (number) return `${word.charAt(0).toUpperCase()}${word.slice(1)} ${number}`;
  const article = /^[aeiou]/.test(word) ? 'An' : 'A';
  const isNumbered = kind === 'invoice' || kind === 'credit-note';
  return `${article} ${word}${isNumbered ? ' without a number' : ''}`;
}

function allocationSummary(paper: string, allocations: readonly FieldChange[]): string {
  const come = allocations.flatMap((allocation) => allocation.to ?? []);
  if (come.length > 0) return `${paper}: ${come.join(' and ')} was applied`;
  const gone = allocations.flatMap((allocation) => allocation.from ?? []);
  return `${paper}: ${gone.join(' and ')} was taken back`;
}

function contactSummary(
  what: EventOf<'contact.changed-in-xero'>['what'],
  changes: readonly FieldChange[],
): string {
  const [change] = changes;
  switch (what) {
    case 'archived':
      return 'The contact was archived in Xero';
    case 'restored':
      return 'The contact was restored in Xero';
    case 'erasing':
      return 'Xero was asked to erase this person’s details; nothing more is sent';
    case 'merged':
      return 'The contact was merged into another one in Xero';
    case 'renamed':
      return `The contact was renamed in Xero: ${change?.from ?? ''} is now ${change?.to ?? ''}`;
    case 'code-changed':
      return change?.to
        ? `The contact’s code was changed in Xero to ${change.to}`
        : 'The contact’s code was removed in Xero';
  }
}

/** The most telling of what changed: moved away, voided, payments, state, else the fields. */
function documentSummary(
  paper: string,
  { what, changes }: Pick<EventOf<'document.mirrored'>, 'what' | 'changes'>,
): string {
  if (what === 'appeared') return `${paper} arrived from Xero`;
  const changeOf = (field: string) => changes.find((change) => change.field === field);
  if (changeOf('contact')) return `${paper} was moved to someone else in Xero`;
  const status = changeOf('status')?.to;
  if (status === 'voided' || status === 'deleted') return `${paper} was ${status} in Xero`;
  const allocations = changes.filter((change) => change.field === 'allocation');
  if (allocations.length > 0) return allocationSummary(paper, allocations);
  // One that was changed where it stands neither came nor went.
  const payments = changes.filter(
    ({ field, from, to }) => field === 'payment' && (from === null || to === null),
  );
  const isRefund = changeOf('remaining') !== undefined;
  if (payments.length > 0) return paymentSummary(paper, payments, status === 'paid', isRefund);
  if (status) return `${paper} is now ${status.replace('-', ' ')}`;
  return `${paper} changed in Xero: ${fieldList(changes)}`;
}

function paymentSummary(
  paper: string,
  payments: readonly FieldChange[],
  isPaidNow: boolean,
  isRefund: boolean,
): string {
  const come = payments.flatMap((payment) => payment.to ?? []);
  if (isRefund && come.length > 0) return `${paper}: ${come.join(' and ')} was paid back`;
  if (isRefund) return `${paper}: a refund was removed in Xero`;
  if (come.length === 0) return `${paper}: a payment was removed in Xero`;
  return `${paper} was paid ${come.join(' and ')}${isPaidNow ? ', in full' : ''}`;
}

/** An event that has no sentence of its own yet still reads as words. */
function inPlainWords(kind: string): string {
  const words = kind.replace(/[.-]/g, ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}
