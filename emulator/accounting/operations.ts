import { advanceOperations } from './advances.ts';
import type { Operation } from './api-call.ts';
import { attachmentOperations } from './attachments.ts';
import { bankTransactionOperations } from './bank-transactions.ts';
import { batchPaymentOperations } from './batch-payments.ts';
import { contactGroupOperations } from './contact-groups.ts';
import { contactOperations } from './contacts.ts';
import { creditNoteOperations } from './credit-notes.ts';
import { historyOperations } from './history-routes.ts';
import { invoiceOperations } from './invoices.ts';
import { itemOperations } from './items.ts';
import { manualJournalOperations } from './manual-journals.ts';
import { organisationOperations } from './organisation.ts';
import { paymentOperations } from './payments.ts';
import { peopleOperations } from './people.ts';
import { repeatingInvoiceOperations } from './repeating-invoices.ts';
import { settingActOperations } from './setting-acts.ts';
import { settingOperations } from './settings.ts';
import { trackingOperations } from './tracking.ts';

/** Everything that is served, by the operation ids of the official description. */
export const operations: readonly Operation[] = [
  ...organisationOperations,
  ...contactOperations,
  ...invoiceOperations,
  ...creditNoteOperations,
  ...paymentOperations,
  ...batchPaymentOperations,
  ...bankTransactionOperations,
  ...advanceOperations,
  ...settingOperations,
  ...settingActOperations,
  ...trackingOperations,
  ...itemOperations,
  ...contactGroupOperations,
  ...manualJournalOperations,
  ...repeatingInvoiceOperations,
  ...peopleOperations,
  ...historyOperations,
  ...attachmentOperations,
];
