export { LIMITS } from './budget.ts';
export { type CallFinding, SKEW_MAX_MS } from './call-watch.ts';
export { bearerOf } from './contact-by-number.ts';
export { createGrantCopies, noGrantCopies } from './grant-copies.ts';
export { sealedGrantColumns } from './grant-store.ts';
export {
  type ContactQuery,
  CREDITS_PER_READ,
  IDS_PER_READ,
  type InvoiceQuery,
  type OrgClient,
  type PaymentQuery,
  ROWS_PER_PAGE,
  type Urgency,
  type XeroClient,
  type XeroOrgAccess,
} from './org-client.ts';
export type { Send } from './request.ts';
export { xeroScopes } from './scopes.ts';
export { couldBeXeroSignature, isXeroSignature } from './webhook-signature.ts';
export type {
  AddressDraft,
  ContactDraft,
  PhoneDraft,
  WireAddress,
  WireContact,
  WirePhone,
} from './wire/contact.ts';
export { type CreditKind, creditReader, type WireCredit } from './wire/credit.ts';
export {
  readInvoice,
  type WireInvoice,
  type WireLineItem,
  type WirePaperPayment,
  type WireSetCredit,
} from './wire/invoice.ts';
export { decimalText, minorOf } from './wire/money.ts';
export type { WireOrganisation } from './wire/organisation.ts';
export { outlineOf, type WireOutline } from './wire/outline.ts';
export type { RowOutcome, WirePage } from './wire/page.ts';
export type { WirePaidPaper, WirePayment } from './wire/payment.ts';
export type { WireAccount, WireCurrency, WireTaxRate } from './wire/settings.ts';
export { CALLBACK_PATH, createXero, type Xero } from './xero.ts';
export type { XeroConnection } from './xero-connections.ts';
export {
  type BusyKind,
  type ConsentLossReason,
  consentLossWords,
  type DownReason,
  isFilterRefused,
  XeroBusyError,
  XeroConsentError,
  XeroDownError,
  XeroError,
  XeroRefusedError,
  XeroUncertainError,
} from './xero-errors.ts';
