import type { ConnectionId, ProviderId, XeroOrgId } from '#contract/ids';
import type { ContactDraft, WireContact } from './wire/contact.ts';
import type { CreditKind, WireCredit } from './wire/credit.ts';
import type { WireInvoice } from './wire/invoice.ts';
import type { WireOrganisation } from './wire/organisation.ts';
import type { RowOutcome, WirePage } from './wire/page.ts';
import type { WireBatch, WirePayment } from './wire/payment.ts';
import type { WireAccount, WireCurrency, WireTaxRate } from './wire/settings.ts';
import type { ConsentLossReason } from './xero-errors.ts';

/** Everything needed to call Xero for one organisation. */
export interface XeroOrgAccess {
  providerId: ProviderId;
  connectionId: ConnectionId;
  xeroOrgId: XeroOrgId;
  grantId: string;
}

/** Whether a person waits for the answer. Part of each limit is kept for people. */
export type Urgency = 'person' | 'background';

export interface PageRequest {
  /** From 1. */
  page?: number;
  /** At most 1,000 rows; 100 when left out. */
  pageSize?: number;
}

export interface ContactQuery extends PageRequest {
  /** At most 50. */
  ids?: readonly string[];
  modifiedSince?: Date;
  includeArchived?: boolean;
  /** Xero's own filter language, e.g. `ContactNumber=="L00012"`. */
  where?: string;
  /** e.g. `UpdatedDateUTC ASC`. */
  order?: string;
  /** Looks in name, first and last name, contact number and e-mail. */
  searchTerm?: string;
}

export interface InvoiceQuery extends PageRequest {
  /** At most 50. */
  ids?: readonly string[];
  /** At most 50. */
  contactIds?: readonly string[];
  modifiedSince?: Date;
  where?: string;
  order?: string;
  /** Leaves out lines, payments and what else makes a page large. */
  isSummary?: boolean;
}

export interface CreditQuery extends PageRequest {
  /** At most CREDITS_PER_READ. */
  ids?: readonly string[];
  /** At most CREDITS_PER_READ. */
  contactIds?: readonly string[];
  modifiedSince?: Date;
  order?: string;
}

export interface PaymentQuery extends PageRequest {
  modifiedSince?: Date;
  where?: string;
  order?: string;
}

/**
 * How many rows one write may carry at the very most, and how many ids one list may be asked for.
 * Xero names no bound but 3.5 MB and advises 50 for timely answers: the caller adapts.
 */
export const ROWS_PER_WRITE = 500;
export const IDS_PER_READ = 50;
/**
 * How many ids or contacts credits may be asked for at once: their filter spells each out, and Xero
 * answers 404 to addresses of more than about 2,090 characters (XeroAPI/Xero-Java#328).
 */
export const CREDITS_PER_READ = 20;
export const ROWS_PER_PAGE = 1_000;

/**
 * Calls for one organisation. Every call has a deadline, takes its place within the limits, and
 * brings a fresh token. Failures are XeroRefusedError, XeroBusyError, XeroDownError,
 * XeroConsentError or (writes only) XeroUncertainError.
 */
export interface OrgClient {
  organisation(): Promise<WireOrganisation>;
  /** What the person who connected may not do in the organisation, by Xero's names of acts. */
  refusedActs(): Promise<string[]>;
  contacts(query: ContactQuery): Promise<WirePage<WireContact>>;
  /** The contact that bears our number, archived or not; null when there is none. */
  contactByNumber(contactNumber: string): Promise<WireContact | null>;
  contactById(contactId: string): Promise<WireContact | null>;
  /** At most ROWS_PER_WRITE, one outcome per row, in an order of Xero's own. Refuses names and numbers that exist. */
  createContacts(
    contacts: readonly ContactDraft[],
    idempotencyKey: string,
  ): Promise<RowOutcome<WireContact>[]>;
  /** At most ROWS_PER_WRITE, one outcome per row, in an order of Xero's own. */
  updateContacts(
    contacts: readonly (ContactDraft & { ContactID: string })[],
    idempotencyKey: string,
  ): Promise<RowOutcome<WireContact>[]>;
  invoices(query: InvoiceQuery): Promise<WirePage<WireInvoice>>;
  /** Credit notes, prepayments or overpayments. */
  credits(kind: CreditKind, query: CreditQuery): Promise<WirePage<WireCredit>>;
  /** One of them, credit notes by their number too; null when there is none. */
  credit(kind: CreditKind, idOrNumber: string): Promise<WireCredit | null>;
  payments(query: PaymentQuery): Promise<WirePage<WirePayment>>;
  /** All batches there are: this list knows no pages. */
  batchPayments(): Promise<WirePage<WireBatch>>;
  accounts(): Promise<WireAccount[]>;
  taxRates(): Promise<WireTaxRate[]>;
  currencies(): Promise<WireCurrency[]>;
  /** Where an approved sale can be seen and paid online; null when Xero gives no address. */
  onlineInvoiceUrl(invoiceId: string): Promise<string | null>;
}

/** Hears that Xero no longer lets a call in that was begun at an instant. */
export type ConsentLossListener = (
  access: XeroOrgAccess,
  reason: ConsentLossReason,
  begunAt: Date,
) => Promise<void>;

export interface XeroClient {
  forOrg(access: XeroOrgAccess, urgency?: Urgency): OrgClient;
  /** Wires who must know whenever any call finds out that Xero no longer lets us in. */
  onConsentLost(listener: ConsentLossListener): void;
}
