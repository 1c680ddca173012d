export { type Billing, type BillingDeps, createBilling } from './billing.ts';
export type {
  Paper,
  PaperAllocation,
  PaperLine,
  PaperPayment,
  PaperState,
  StoredPaper,
} from './document.ts';
export { madeUpId, sumsOf } from './document.ts';
export type { MirroredPaper } from './document-store.ts';
