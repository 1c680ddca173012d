import type { Row } from '../core/collection.ts';
import type { Line, LineAmountTypes } from './model.ts';

/** What surrounds the papers: accounts, rates, items, groups, files. */

export interface Account extends Row {
  readonly code: string;
  readonly name: string;
  readonly type: string;
  readonly class: 'ASSET' | 'EQUITY' | 'EXPENSE' | 'LIABILITY' | 'REVENUE';
  readonly status: 'ACTIVE' | 'ARCHIVED' | 'DELETED';
  readonly taxType: string;
  readonly description: string;
  readonly bankAccountNumber: string | undefined;
  readonly bankAccountType: string;
  readonly currency: string | undefined;
  readonly isPaymentsEnabled: boolean;
  readonly isShownInExpenseClaims: boolean;
  readonly systemAccount: string;
  readonly updatedAtMs: number;
}

/** Rates are ten-thousandths of a percent: 100000 is 10 %. */
export interface TaxComponent {
  readonly name: string;
  readonly rate: number;
  readonly isCompound: boolean;
  readonly isNonRecoverable: boolean;
}

export interface TaxRate extends Row {
  readonly name: string;
  readonly taxType: string;
  readonly reportTaxType: string;
  readonly status: 'ACTIVE' | 'DELETED' | 'ARCHIVED';
  readonly components: readonly TaxComponent[];
  readonly appliesTo: readonly Account['class'][];
  readonly effectiveRate: number;
}

export interface Currency extends Row {
  readonly description: string;
}

export interface ContactGroup extends Row {
  readonly name: string;
  readonly status: 'ACTIVE' | 'DELETED';
  readonly contactIds: readonly string[];
}

export interface TrackingOption {
  readonly id: string;
  readonly name: string;
  readonly status: 'ACTIVE' | 'ARCHIVED' | 'DELETED';
}

export interface TrackingCategory extends Row {
  readonly name: string;
  readonly status: 'ACTIVE' | 'ARCHIVED' | 'DELETED';
  readonly options: readonly TrackingOption[];
}

/** A line in the history of a paper: who did what, when. */
export interface HistoryRecord extends Row {
  readonly subjectId: string;
  readonly changes: string;
  readonly details: string;
  readonly user: string;
  readonly atMs: number;
}

/** Prices are ten-thousandths of the base currency. */
export interface ItemSide {
  readonly unitPrice: number | undefined;
  readonly accountCode: string | undefined;
  readonly taxType: string | undefined;
}

export interface Item extends Row {
  readonly code: string;
  readonly name: string;
  readonly description: string;
  readonly purchaseDescription: string;
  readonly isSold: boolean;
  readonly isPurchased: boolean;
  readonly sales: ItemSide | undefined;
  readonly purchase: ItemSide | undefined;
  readonly updatedAtMs: number;
}

/** A file beside a paper; its bytes are kept as base64 so that they live in the journal too. */
export interface Attachment extends Row {
  readonly subjectId: string;
  readonly fileName: string;
  readonly mimeType: string;
  readonly isOnline: boolean;
  readonly contentLength: number;
  readonly base64: string;
}

export interface JournalLine {
  readonly amount: number;
  readonly tax: number;
  readonly accountCode: string;
  readonly description: string;
  readonly taxType: string;
}

export interface ManualJournal extends Row {
  readonly narration: string;
  readonly status: 'DRAFT' | 'POSTED' | 'DELETED' | 'VOIDED';
  readonly day: string;
  readonly lineAmountTypes: LineAmountTypes;
  readonly isOnCashReports: boolean;
  readonly url: string | undefined;
  readonly lines: readonly JournalLine[];
  readonly updatedAtMs: number;
}

/** How many mails left on a day; the id is the day. */
export interface MailDay extends Row {
  readonly sent: number;
}

export interface BrandingTheme extends Row {
  readonly name: string;
  readonly sortOrder: number;
  readonly createdAtMs: number;
}

/** A template from which invoices come by themselves. */
export interface RepeatingInvoice extends Row {
  readonly type: 'ACCREC' | 'ACCPAY';
  readonly status: 'DRAFT' | 'AUTHORISED' | 'DELETED';
  readonly contactId: string;
  readonly reference: string;
  readonly currency: string;
  readonly lineAmountTypes: LineAmountTypes;
  readonly lines: readonly Line[];
  readonly subTotal: number;
  readonly totalTax: number;
  readonly total: number;
  readonly schedule: {
    readonly period: number;
    readonly unit: 'WEEKLY' | 'MONTHLY';
    readonly dueDate: number;
    readonly dueDateType: string;
    readonly startDay: string;
    readonly nextDay: string;
  };
}
