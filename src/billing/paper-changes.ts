import { createHash } from 'node:crypto';
import { formatMinor } from '#contract/money';
import type { FieldChange } from '#events/index';
import {
  isMadeUp,
  madeUpId,
  type PaperAllocation,
  type PaperPayment,
  type StoredPaper,
} from './document.ts';

/** What of a paper decides whether two versions are the same. */
export type PaperContent = Omit<StoredPaper, 'id' | 'mirroredAt' | 'changedAt'>;

/** A fingerprint of a paper's content: equal for equal papers, whenever and however often read. */
export function contentHash(paper: PaperContent): Buffer {
  const { allocations, remainingMinor, partyKind: _kind, partyId, ...content } = paper;
  // Which batch a payment belongs to is told elsewhere, at another time.
  const payments = inOrder(paper.payments, ({ xeroId }) => xeroId).map(
    ({ batchId: _batchId, ...payment }) => payment,
  );
  const credit = remainingMinor > 0n || allocations.length > 0;
  const fields: [string, unknown][] = Object.entries({
    ...content,
    // Its first name, without which every paper kept from before would look changed once.
    learnerId: partyId,
    payments,
    ...(credit ? { remainingMinor, allocations: withoutMadeUpIds(allocations) } : {}),
  });
  const sorted = fields.sort(([a], [b]) => (a < b ? -1 : 1));
  const text = JSON.stringify(sorted, (_, value: unknown) =>
    typeof value === 'bigint' ? value.toString() : value,
  );
  return createHash('sha256').update(text).digest();
}

/** Ids that we made up say nothing that the rest does not, and were made up otherwise before. */
function withoutMadeUpIds(allocations: readonly PaperAllocation[]): PaperAllocation[] {
  const said = allocations.map((one) => (isMadeUp(one.xeroId) ? { ...one, xeroId: '' } : one));
  return inOrder(said, (one) => `${one.xeroId} ${madeUpId(one, 0)}`);
}

function inOrder<Row>(rows: readonly Row[], keyOf: (row: Row) => string): Row[] {
  return [...rows].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
}

/** What is shown and added up. */
const ADDED_UP = [
  'partyId',
  'status',
  'currency',
  'totalMinor',
  'paidMinor',
  'creditedMinor',
  'dueMinor',
  'remainingMinor',
] as const satisfies readonly (keyof PaperContent)[];

/**
 * Whether our copy, kept with the hash of what was read for it, says what is read now. The hash
 * tells of every change that was read, but not of a merge, which names another learner on a copy and
 * leaves its hash: where it tells of a change, what both say is compared. The sums are looked at
 * besides, since whoever changes a row here by hand leaves its hash as well.
 */
export function standsAsRead(
  { paper, hash }: { paper: StoredPaper; hash: Buffer },
  content: PaperContent,
): boolean {
  const read = contentHash(content);
  const isAsRead = hash.equals(read) || contentHash(contentOnly(paper)).equals(read);
  return isAsRead && ADDED_UP.every((field) => paper[field] === content[field]);
}

function contentOnly(paper: StoredPaper): PaperContent {
  const { id: _id, mirroredAt: _mirroredAt, changedAt: _changedAt, ...content } = paper;
  return content;
}

/** What changed between two versions of a paper, field by field, as history shows it. */
export function paperChanges(before: PaperContent, after: PaperContent): FieldChange[] {
  const changes: FieldChange[] = [];
  const compare = (field: string, from: string | null, to: string | null) => {
    if (from !== to) changes.push({ field, from, to });
  };
  const money = (minor: bigint, paper: PaperContent) => amountText(minor, paper.currency);

  compare('number', before.number, after.number);
  compare('status', before.status, after.status);
  compare('date', before.date, after.date);
  compare('dueDate', before.dueDate, after.dueDate);
  compare('reference', before.reference, after.reference);
  compare('taxMode', before.taxMode, after.taxMode);
  compare('subtotal', money(before.subtotalMinor, before), money(after.subtotalMinor, after));
  compare('tax', money(before.taxMinor, before), money(after.taxMinor, after));
  compare('total', money(before.totalMinor, before), money(after.totalMinor, after));
  compare('credited', money(before.creditedMinor, before), money(after.creditedMinor, after));
  changes.push(...paymentChanges(before, after));
  changes.push(...allocationChanges(before, after));
  compare('paid', money(before.paidMinor, before), money(after.paidMinor, after));
  compare('remaining', money(before.remainingMinor, before), money(after.remainingMinor, after));
  compare('due', money(before.dueMinor, before), money(after.dueMinor, after));
  if (JSON.stringify(linesText(before)) !== JSON.stringify(linesText(after))) {
    compare('lines', countText(before.lines.length), `${countText(after.lines.length)}, changed`);
  }
  return changes;
}

function paymentChanges(before: PaperContent, after: PaperContent): FieldChange[] {
  const text = (payment: PaperPayment, paper: PaperContent) =>
    `${amountText(payment.amountMinor, paper.currency)}${payment.date ? ` on ${payment.date}` : ''}`;
  const had = new Map(before.payments.map((payment) => [payment.xeroId, payment]));
  const has = new Map(after.payments.map((payment) => [payment.xeroId, payment]));
  const gone = before.payments.filter((payment) => !has.has(payment.xeroId));
  const come = after.payments.filter((payment) => !had.has(payment.xeroId));
  const stayed = before.payments.flatMap((payment) => {
    const from = text(payment, before);
    const is = has.get(payment.xeroId);
    const to = is ? text(is, after) : from;
    return from === to ? [] : [{ field: 'payment', from, to }];
  });
  return [
    ...gone.map((payment) => ({ field: 'payment', from: text(payment, before), to: null })),
    ...stayed,
    ...come.map((payment) => ({ field: 'payment', from: null, to: text(payment, after) })),
  ];
}

function allocationChanges(before: PaperContent, after: PaperContent): FieldChange[] {
  const text = (allocation: PaperAllocation, paper: PaperContent) =>
    `${amountText(allocation.amountMinor, paper.currency)} to ${allocation.invoiceNumber ?? 'an invoice'}`;
  const had = new Set(before.allocations.map((allocation) => allocation.xeroId));
  const has = new Set(after.allocations.map((allocation) => allocation.xeroId));
  const missed = before.allocations.filter((allocation) => !has.has(allocation.xeroId));
  const met = after.allocations.filter((allocation) => !had.has(allocation.xeroId));
  const [gone, come] = withoutPairs(missed, met);
  return [
    ...gone.map((one) => ({ field: 'allocation', from: text(one, before), to: null })),
    ...come.map((one) => ({ field: 'allocation', from: null, to: text(one, after) })),
  ];
}

/** Leaves out what stands on both sides under two ids of which one at least was made up. */
function withoutPairs(
  gone: readonly PaperAllocation[],
  come: readonly PaperAllocation[],
): [PaperAllocation[], PaperAllocation[]] {
  const left = [...come];
  const taken = gone.filter((one) => {
    const at = left.findIndex(
      (other) =>
        (isMadeUp(one.xeroId) || isMadeUp(other.xeroId)) && madeUpId(one, 0) === madeUpId(other, 0),
    );
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
  return [taken, left];
}

function amountText(minor: bigint, currency: string): string {
  return `${formatMinor(Number(minor), currency)} ${currency}`;
}

function countText(lines: number): string {
  return lines === 1 ? '1 line' : `${lines} lines`;
}

function linesText(paper: PaperContent) {
  return paper.lines.map((line) =>
    Object.values(line).map((value) => (typeof value === 'bigint' ? value.toString() : value)),
  );
}
