import {
  madeUpId,
  type Paper,
  type PaperAllocation,
  type PaperLine,
  type PaperPayment,
  type PaperState,
} from '#billing/index';
import type { DocumentKind } from '#contract/billing';
import type { XeroOrgId } from '#contract/ids';
import {
  decimalText,
  minorOf,
  type WireCredit,
  type WireInvoice,
  type WireLineItem,
  type WirePaperPayment,
} from '#xero/index';

const STATES: Record<string, PaperState> = {
  DRAFT: 'draft',
  SUBMITTED: 'submitted',
  AUTHORISED: 'approved',
  PAID: 'paid',
  VOIDED: 'voided',
  DELETED: 'deleted',
};

const TAX_MODES: Record<string, Paper['taxMode']> = {
  EXCLUSIVE: 'exclusive',
  INCLUSIVE: 'inclusive',
  NOTAX: 'none',
};

/**
 * What Xero calls papers of sales; those of purchases are no learner's. Prepayments and
 * overpayments go by two names each (Xero's page "Overpayments" and its OpenAPI description).
 */
const SALES = new Set([
  'ACCREC',
  'ACCRECCREDIT',
  'RECEIVE-PREPAYMENT',
  'ARPREPAYMENT',
  'RECEIVE-OVERPAYMENT',
  'AROVERPAYMENT',
]);

/** A paper of any kind as it came over the wire. */
export type WirePaper = WireInvoice | WireCredit;

export interface PaperKey {
  xeroOrgId: XeroOrgId;
  kind: DocumentKind;
  xeroId: string;
}

/** Whose papers a contact's are, and as whose contact's they count: its own, or what it was merged into. */
export type Owner = Pick<Paper, 'partyKind' | 'partyId' | 'contactId'>;

/** Which of the papers read are to be kept, and which of ours to be dropped. */
export interface Mirroring {
  papers: Paper[];
  /** Papers of contacts that are linked to nobody: not ours to keep. */
  strangers: PaperKey[];
  /** Papers of linked contacts in a state that we do not know. */
  unreadable: PaperKey[];
}

/** Whether a paper is of a sale; those of purchases are no learner's. */
export function isSale(row: Pick<WirePaper, 'Type'>): boolean {
  return SALES.has(row.Type.toUpperCase());
}

/** Which paper a row of the wire is. */
export function keyOf(paper: WirePaper): { kind: DocumentKind; xeroId: string } {
  return 'InvoiceID' in paper
    ? { kind: 'invoice', xeroId: paper.InvoiceID }
    : { kind: paper.kind, xeroId: paper.CreditID };
}

/**
 * Turns papers of the wire into our shape and gives each to the party whose contact it names.
 * Pure: the same rows and links make the same papers.
 */
export function mirrorPapers(
  xeroOrgId: XeroOrgId,
  rows: readonly WirePaper[],
  partyOfContact: ReadonlyMap<string, Owner>,
): Mirroring {
  const mirroring: Mirroring = { papers: [], strangers: [], unreadable: [] };
  for (const row of rows) {
    if (!isSale(row)) continue;
    const key = { xeroOrgId, ...keyOf(row) };
    const owner = partyOfContact.get(row.Contact.ContactID);
    if (!owner) {
      mirroring.strangers.push(key);
      continue;
    }
    const paper = paperOf(key, row, owner);
    if (paper) mirroring.papers.push(paper);
    else mirroring.unreadable.push(key);
  }
  return mirroring;
}

function paperOf(key: PaperKey, row: WirePaper, owner: Owner): Paper | null {
  const state = STATES[row.Status.toUpperCase()];
  if (!state || !row.updatedAt) return null;
  const currency = row.CurrencyCode;
  const minor = (amount: number) => minorOf(amount, currency);
  return {
    ...key,
    ...owner,
    reference: row.Reference,
    state,
    date: row.day,
    currency,
    taxMode: TAX_MODES[row.LineAmountTypes.toUpperCase()] ?? 'exclusive',
    subtotalMinor: minor(row.SubTotal),
    taxMinor: minor(row.TotalTax),
    totalMinor: minor(row.Total),
    lines: row.LineItems.map((line) => lineOf(line, currency)),
    payments: paymentsOf(row.Payments, currency),
    changedAt: row.updatedAt,
    raw: row.raw,
    ...('InvoiceID' in row ? ofInvoice(row, state) : ofCredit(row)),
  };
}

type Own =
  | 'number'
  | 'dueDate'
  | 'paidMinor'
  | 'creditedMinor'
  | 'dueMinor'
  | 'remainingMinor'
  | 'allocations'
  | 'hasOnlineView';

function ofInvoice(invoice: WireInvoice, state: PaperState): Pick<Paper, Own> {
  const minor = (amount: number) => minorOf(amount, invoice.CurrencyCode);
  return {
    number: invoice.InvoiceNumber,
    dueDate: invoice.dueDay,
    paidMinor: minor(invoice.AmountPaid),
    creditedMinor: minor(invoice.AmountCredited),
    dueMinor: minor(invoice.AmountDue),
    remainingMinor: 0n,
    allocations: [],
    hasOnlineView: state === 'approved' || state === 'paid',
  };
}

/** Xero gives a credit's sums as what remains; what was paid back and applied is added up. */
function ofCredit(credit: WireCredit): Pick<Paper, Own> {
  const currency = credit.CurrencyCode;
  const minor = (amount: number) => minorOf(amount, currency);
  const allocations = allocationsOf(credit, minor);
  const sum = (rows: readonly { amountMinor: bigint }[]) =>
    rows.reduce((total, row) => total + row.amountMinor, 0n);
  const isGone = ['VOIDED', 'DELETED'].includes(credit.Status.toUpperCase());
  const paidMinor = sum(paymentsOf(credit.Payments, currency));
  const remainingMinor = isGone ? 0n : minor(credit.RemainingCredit);
  return {
    number: credit.CreditNoteNumber,
    dueDate: null,
    paidMinor,
    // What Xero counts as used beyond what was paid back, whether or not it lists each use.
    creditedMinor: isGone ? sum(allocations) : minor(credit.Total) - remainingMinor - paidMinor,
    dueMinor: 0n,
    remainingMinor,
    allocations,
    hasOnlineView: false,
  };
}

function allocationsOf(credit: WireCredit, minor: (amount: number) => bigint): PaperAllocation[] {
  const alike = new Map<string, number>();
  return credit.Allocations.filter((allocation) => !allocation.IsDeleted).map((allocation) => {
    const said = {
      invoiceXeroId: allocation.Invoice.InvoiceID,
      invoiceNumber: allocation.Invoice.InvoiceNumber,
      date: allocation.day,
      amountMinor: minor(allocation.Amount),
    };
    if (allocation.AllocationID) return { xeroId: allocation.AllocationID.toLowerCase(), ...said };
    const key = madeUpId(said, 0);
    const before = alike.get(key) ?? 0;
    alike.set(key, before + 1);
    return { xeroId: madeUpId(said, before), ...said };
  });
}

function paymentsOf(payments: readonly WirePaperPayment[], currency: string): PaperPayment[] {
  return payments
    .filter((payment) => payment.Status !== 'DELETED')
    .map((payment) => ({
      xeroId: payment.PaymentID.toLowerCase(),
      date: payment.day,
      amountMinor: minorOf(payment.Amount, currency),
      reference: payment.Reference,
      batchId: payment.BatchPaymentID,
    }));
}

function lineOf(line: WireLineItem, currency: string): PaperLine {
  return {
    description: line.Description,
    itemCode: line.ItemCode,
    quantity: decimalText(line.Quantity),
    unitAmount: decimalText(line.UnitAmount),
    accountCode: line.AccountCode,
    taxType: line.TaxType,
    taxMinor: minorOf(line.TaxAmount, currency),
    amountMinor: minorOf(line.LineAmount, currency),
  };
}
