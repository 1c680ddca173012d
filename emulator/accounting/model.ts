import type { Row } from '../core/collection.ts';

/** How the emulator keeps an organisation's books. Money is whole cents of the row's currency. */

export interface Organisation extends Row {
  readonly name: string;
  readonly legalName: string;
  readonly countryCode: 'AU' | 'NZ' | 'GB';
  readonly baseCurrency: string;
  readonly timezone: string;
  readonly taxNumber: string;
  readonly shortCode: string;
  readonly class: string;
  readonly isDemo: boolean;
  readonly createdAtMs: number;
  readonly periodLockDay: string | undefined;
  readonly endOfYearLockDay: string | undefined;
  readonly financialYearEnd: { readonly day: number; readonly month: number };
}

export const PHONE_TYPES = ['DDI', 'DEFAULT', 'FAX', 'MOBILE'] as const;
export const ADDRESS_TYPES = ['STREET', 'POBOX'] as const;
export type PhoneType = (typeof PHONE_TYPES)[number];
export type AddressType = (typeof ADDRESS_TYPES)[number];

export interface Phone {
  readonly number: string;
  readonly areaCode: string;
  readonly countryCode: string;
}

export interface Address {
  readonly lines: readonly string[];
  readonly city: string;
  readonly region: string;
  readonly postalCode: string;
  readonly country: string;
  readonly attentionTo: string;
}

export interface ContactPerson {
  readonly firstName: string;
  readonly lastName: string;
  readonly email: string;
  readonly isIncludedInEmails: boolean;
}

export interface PaymentTerm {
  readonly day: number;
  readonly type: string;
}

export interface Contact extends Row {
  readonly name: string;
  readonly number: string | undefined;
  readonly accountNumber: string | undefined;
  readonly firstName: string | undefined;
  readonly lastName: string | undefined;
  readonly companyNumber: string | undefined;
  readonly email: string;
  /** Only Xero's own pages write it. */
  readonly website: string;
  readonly status: 'ACTIVE' | 'ARCHIVED' | 'GDPRREQUEST';
  readonly taxNumber: string | undefined;
  readonly salesTaxType: string | undefined;
  readonly purchasesTaxType: string | undefined;
  readonly defaultCurrency: string | undefined;
  readonly bankAccountDetails: string;
  readonly phones: Readonly<Partial<Record<PhoneType, Phone>>>;
  readonly addresses: Readonly<Partial<Record<AddressType, Address>>>;
  readonly persons: readonly ContactPerson[];
  readonly salesTerms: PaymentTerm | undefined;
  readonly billsTerms: PaymentTerm | undefined;
  readonly isCustomer: boolean;
  readonly isSupplier: boolean;
  readonly mergedToId: string | undefined;
  readonly createdByApp: string | undefined;
  readonly updatedAtMs: number;
}

/** A contact of whom nothing is known yet. */
export const EMPTY_CONTACT: Omit<Contact, 'id'> = {
  name: '',
  number: undefined,
  accountNumber: undefined,
  firstName: undefined,
  lastName: undefined,
  companyNumber: undefined,
  email: '',
  website: '',
  status: 'ACTIVE',
  taxNumber: undefined,
  salesTaxType: undefined,
  purchasesTaxType: undefined,
  defaultCurrency: undefined,
  bankAccountDetails: '',
  phones: {},
  addresses: {},
  persons: [],
  salesTerms: undefined,
  billsTerms: undefined,
  isCustomer: false,
  isSupplier: false,
  mergedToId: undefined,
  createdByApp: undefined,
  updatedAtMs: 0,
};

export type LineAmountTypes = 'Exclusive' | 'Inclusive' | 'NoTax';

export interface LineTracking {
  readonly categoryId: string;
  readonly optionId: string;
}

/** Quantity and unit amount are ten-thousandths, the discount rate hundredths of a percent. */
export interface Line {
  readonly id: string;
  readonly description: string;
  readonly quantity: number;
  readonly unitAmount: number;
  readonly itemCode: string | undefined;
  readonly accountCode: string | undefined;
  readonly taxType: string | undefined;
  readonly discountRate: number | undefined;
  readonly discountCents: number | undefined;
  readonly amount: number;
  readonly tax: number;
  readonly tracking: readonly LineTracking[];
}

export type DocumentKind = 'invoice' | 'creditNote' | 'prepayment' | 'overpayment';
export type DocumentStatus = 'DRAFT' | 'SUBMITTED' | 'AUTHORISED' | 'PAID' | 'VOIDED' | 'DELETED';

/**
 * One shape for invoices, bills and the papers that carry credit. For an invoice, what is left of
 * `total` after payments and allocations is its AmountDue; for a credit, its RemainingCredit.
 */
export interface Document extends Row {
  readonly kind: DocumentKind;
  readonly type: string;
  readonly status: DocumentStatus;
  readonly contactId: string;
  readonly number: string;
  readonly reference: string;
  readonly day: string;
  readonly dueDay: string | undefined;
  readonly expectedDay: string | undefined;
  readonly plannedDay: string | undefined;
  readonly currency: string;
  readonly rate: number;
  readonly lineAmountTypes: LineAmountTypes;
  readonly lines: readonly Line[];
  readonly subTotal: number;
  readonly totalTax: number;
  readonly total: number;
  readonly paid: number;
  readonly credited: number;
  readonly fullyPaidDay: string | undefined;
  readonly paymentIds: readonly string[];
  readonly allocationIds: readonly string[];
  readonly isSent: boolean;
  readonly url: string | undefined;
  readonly brandingThemeId: string | undefined;
  readonly bankTransactionId: string | undefined;
  /** The template that an invoice came from. */
  readonly repeatingInvoiceId: string | undefined;
  readonly createdByApp: string | undefined;
  readonly updatedAtMs: number;
}

export interface Payment extends Row {
  readonly docKind: DocumentKind;
  readonly docId: string;
  readonly type: string;
  readonly accountId: string;
  readonly day: string;
  readonly amount: number;
  readonly rate: number;
  readonly reference: string;
  readonly isReconciled: boolean;
  readonly status: 'AUTHORISED' | 'DELETED';
  readonly batchId: string | undefined;
  readonly createdByApp: string | undefined;
  readonly updatedAtMs: number;
}

export interface Allocation extends Row {
  readonly fromKind: Exclude<DocumentKind, 'invoice'>;
  readonly fromId: string;
  readonly invoiceId: string;
  readonly amount: number;
  readonly day: string;
  readonly isDeleted: boolean;
}

export const BANK_TRANSACTION_TYPES = [
  'RECEIVE',
  'SPEND',
  'RECEIVE-OVERPAYMENT',
  'RECEIVE-PREPAYMENT',
  'SPEND-OVERPAYMENT',
  'SPEND-PREPAYMENT',
] as const;
export type BankTransactionType = (typeof BANK_TRANSACTION_TYPES)[number];

/** Money received or spent straight over the bank; some kinds make a paper that carries credit. */
export interface BankTransaction extends Row {
  readonly type: BankTransactionType;
  readonly status: 'AUTHORISED' | 'DELETED';
  readonly contactId: string;
  readonly bankAccountId: string;
  readonly day: string;
  readonly reference: string;
  readonly url: string | undefined;
  readonly isReconciled: boolean;
  readonly currency: string;
  readonly rate: number;
  readonly lineAmountTypes: LineAmountTypes;
  readonly lines: readonly Line[];
  readonly subTotal: number;
  readonly totalTax: number;
  readonly total: number;
  readonly creditKind: 'prepayment' | 'overpayment' | undefined;
  readonly creditId: string | undefined;
  readonly updatedAtMs: number;
}

/** Several payments made as one. */
export interface BatchPayment extends Row {
  readonly type: 'PAYBATCH' | 'RECBATCH';
  readonly status: 'AUTHORISED' | 'DELETED';
  readonly accountId: string;
  readonly day: string;
  readonly reference: string;
  readonly narrative: string;
  readonly particulars: string;
  readonly code: string;
  readonly details: string;
  readonly paymentIds: readonly string[];
  readonly total: number;
  readonly updatedAtMs: number;
}
