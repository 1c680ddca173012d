import type { Insertable, Selectable } from 'kysely';
import { z } from 'zod';
import type { DocumentKind, DocumentStatus } from '#contract/billing';
import type { DocumentId, PartyId, PartyKind, XeroOrgId } from '#contract/ids';
import { jsonText } from '#platform/json-text';
import type { Allocations, Documents, Payments } from '#platform/schema';
import type { Scope } from '#platform/scope';
import type { Paper, PaperAllocation, PaperLine, PaperPayment, StoredPaper } from './document.ts';
import { contentHash, type PaperContent } from './paper-changes.ts';

const text = z.string().nullable();
const minor = z.int().transform(BigInt);
const Lines = z.array(
  z.object({
    description: text,
    itemCode: text,
    quantity: text,
    unitAmount: text,
    accountCode: text,
    taxType: text,
    taxMinor: minor,
    amountMinor: minor,
  }),
);

/**
 * Raised by one whenever something else is read out of a raw paper than before: every paper that is
 * kept is then read again from its raw form, by itself and without asking Xero.
 */
export const PAPER_SHAPE = 3;

/** The columns of a paper that its readers need; the raw paper stays where it is. */
export const PAPER_COLUMNS = [
  'id',
  'xero_org_id',
  'kind',
  'xero_id',
  'contact_id',
  'party_kind',
  'party_id',
  'number',
  'reference',
  'status',
  'date',
  'due_date',
  'currency',
  'tax_mode',
  'subtotal_minor',
  'tax_minor',
  'total_minor',
  'paid_minor',
  'credited_minor',
  'due_minor',
  'remaining_minor',
  'lines',
  'has_online_view',
  'changed_in_xero_at',
  'mirrored_at',
] as const;
type PaperRow = Pick<Selectable<Documents>, (typeof PAPER_COLUMNS)[number]>;

/**
 * A row as a paper. What settles it lies in tables of its own and is handed in, in its order.
 * @throws ZodError when the lines that are kept are not as `toRow` writes them
 */
export function toPaper(
  row: PaperRow,
  payments: PaperPayment[],
  allocations: PaperAllocation[],
): StoredPaper {
  return {
    id: row.id as DocumentId,
    xeroOrgId: row.xero_org_id as XeroOrgId,
    kind: row.kind as DocumentKind,
    xeroId: row.xero_id,
    contactId: row.contact_id,
    partyKind: row.party_kind as PartyKind,
    partyId: row.party_id as PartyId,
    number: row.number,
    reference: row.reference,
    status: row.status as DocumentStatus,
    date: row.date as string | null,
    dueDate: row.due_date as string | null,
    currency: row.currency,
    taxMode: row.tax_mode as Paper['taxMode'],
    subtotalMinor: row.subtotal_minor,
    taxMinor: row.tax_minor,
    totalMinor: row.total_minor,
    paidMinor: row.paid_minor,
    creditedMinor: row.credited_minor,
    dueMinor: row.due_minor,
    remainingMinor: row.remaining_minor,
    lines: Lines.parse(row.lines),
    payments,
    allocations,
    hasOnlineView: row.has_online_view,
    changedAt: row.changed_in_xero_at,
    mirroredAt: row.mirrored_at,
  };
}

/**
 * A payment as it stands on its paper, with the id of the batch it was made in, if that is known.
 */
export function toPayment(
  row: Selectable<Payments> & { batch_xero_id: string | null },
): PaperPayment {
  return {
    xeroId: row.xero_id,
    date: row.date as string | null,
    amountMinor: row.amount_minor,
    reference: row.reference,
    batchId: row.batch_xero_id,
  };
}

/** An allocation as it stands on its credit; the invoice may be one of which we have no copy. */
export function toAllocation(row: Selectable<Allocations>): PaperAllocation {
  return {
    xeroId: row.xero_id,
    invoiceXeroId: row.invoice_xero_id,
    invoiceNumber: row.invoice_number,
    date: row.date as string | null,
    amountMinor: row.amount_minor,
  };
}

/**
 * A paper as the row to write under `id`, in the present shape. Its payments and allocations count
 * for the hash and are stored elsewhere (`replaceSettlements`).
 */
export function toRow(
  scope: Scope,
  id: DocumentId,
  paper: PaperContent & Pick<Paper, 'changedAt' | 'raw'>,
  mirroredAt: Date,
): Insertable<Documents> {
  const { raw, changedAt, ...content } = paper;
  return {
    provider_id: scope.providerId,
    id,
    xero_org_id: paper.xeroOrgId,
    kind: paper.kind,
    xero_id: paper.xeroId,
    contact_id: paper.contactId,
    party_kind: paper.partyKind,
    party_id: paper.partyId,
    number: paper.number,
    reference: paper.reference,
    status: paper.status,
    date: paper.date,
    due_date: paper.dueDate,
    currency: paper.currency,
    tax_mode: paper.taxMode,
    subtotal_minor: paper.subtotalMinor,
    tax_minor: paper.taxMinor,
    total_minor: paper.totalMinor,
    paid_minor: paper.paidMinor,
    credited_minor: paper.creditedMinor,
    due_minor: paper.dueMinor,
    remaining_minor: paper.remainingMinor,
    lines: jsonText(paper.lines.map(lineJson)),
    has_online_view: paper.hasOnlineView,
    raw: jsonText(raw),
    content_hash: contentHash(content),
    changed_in_xero_at: changedAt,
    mirrored_at: mirroredAt,
    shape: PAPER_SHAPE,
  };
}

function lineJson(line: PaperLine) {
  return { ...line, taxMinor: Number(line.taxMinor), amountMinor: Number(line.amountMinor) };
}
