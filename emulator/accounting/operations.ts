import type { Operation } from './api-call.ts';
import { contactOperations } from './contacts.ts';
import { invoiceOperations } from './invoices.ts';
import { organisationOperations } from './organisation.ts';
import { paymentOperations } from './payments.ts';
import { settingOperations } from './settings.ts';

/** Everything that is served, by the operation ids of the official description. */
export const operations: readonly Operation[] = [
  ...organisationOperations,
  ...contactOperations,
  ...invoiceOperations,
  ...paymentOperations,
  ...settingOperations,
];
