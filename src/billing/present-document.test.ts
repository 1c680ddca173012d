import { expect, it } from 'vitest';
import type { DocumentId, LearnerId, XeroOrgId } from '#contract/ids';
import type { StoredPaper } from './document.ts';
import { presentPaper } from './present-document.ts';

const paper: StoredPaper = {
  id: 'd1' as DocumentId,
  xeroOrgId: 'o1' as XeroOrgId,
  kind: 'invoice',
  xeroId: 'x1',
  contactId: 'c1',
  partyKind: 'learner',
  partyId: 'l1' as LearnerId,
  number: 'INV-1',
  reference: null,
  status: 'part-paid',
  date: '2026-02-01',
  dueDate: '2026-02-15',
  currency: 'AUD',
  taxMode: 'none',
  subtotalMinor: 30_000n,
  taxMinor: 0n,
  totalMinor: 30_000n,
  paidMinor: 10_000n,
  creditedMinor: 0n,
  dueMinor: 20_000n,
  remainingMinor: 0n,
  lines: [],
  payments: [{ xeroId: 'p1', date: null, amountMinor: 10_000n, reference: null, batchId: null }],
  allocations: [],
  hasOnlineView: false,
  changedAt: new Date('2026-02-02T00:00:00Z'),
  mirroredAt: new Date('2026-02-02T00:00:00Z'),
};
const today = '2026-03-01';
const shown = (former: readonly XeroOrgId[]) =>
  presentPaper(paper, { names: new Map(), credits: [], today, former: new Set(former) });

it('a payment of which Xero tells no day has none, rather than one made up', () => {
  expect(shown([]).payments).toMatchObject([{ paymentId: 'p1', date: null }]);
});

it('a paper is overdue only while its organisation is connected', () => {
  expect(shown([]).isOverdue).toBe(true);
  expect(shown([paper.xeroOrgId]).isOverdue).toBe(false);
});
