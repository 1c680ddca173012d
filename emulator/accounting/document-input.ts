import { addDays } from '../core/dates.ts';
import { FieldReader, type Sent } from '../rules/field-reader.ts';
import type { Act } from './api-call.ts';
import type { Books } from './books.ts';
import { readLines, type Side } from './line-input.ts';
import { checkSize, sumLines } from './lines.ts';
import type { Contact, Document, LineAmountTypes } from './model.ts';

/** Currency rates are kept as millionths. */
export const RATE_SCALE = 6;
export const RATE_ONE = 1_000_000;

const LINE_AMOUNT_TYPES: readonly LineAmountTypes[] = ['Exclusive', 'Inclusive', 'NoTax'];

/** Which side of the books a document type is on. */
export function sideOf(type: string): Side {
  return /^ACCREC|^RECEIVE|^AR/.test(type) ? 'sale' : 'purchase';
}

/**
 * Applies the fields that invoices and credit notes have in common, lines and sums with them. The
 * status and the contact are the caller's.
 */
export function applyDocumentFields(
  act: Act,
  base: Document,
  sent: Sent,
  contact: Contact | undefined,
  errors: string[],
): Document {
  const read = new FieldReader(sent, errors);
  const day = read.day('Date') ?? base.day;
  const lineAmountTypes = read.choice('LineAmountTypes', LINE_AMOUNT_TYPES) ?? base.lineAmountTypes;
  const currency = readCurrency(act.books, read, errors) ?? base.currency;
  const sentLines = read.records('LineItems');
  const context = { side: sideOf(base.type), lineAmountTypes };
  const drafts = sentLines
    ? readLines(act, sentLines, base.lines, context, errors)
    : base.lines.map((line) => ({ ...line, amount: undefined, tax: undefined }));
  const isSummed = sentLines !== undefined || lineAmountTypes !== base.lineAmountTypes;
  const sums = isSummed ? sumLines(act.books, drafts, lineAmountTypes) : undefined;
  if (sums) checkSize(sums, errors);
  const themeId = read.text('BrandingThemeID', 36)?.toLowerCase();
  return {
    ...base,
    ...sums,
    day,
    dueDay: read.day('DueDate') ?? base.dueDay ?? dueDayByTerms(contact, day, context.side),
    expectedDay: read.day('ExpectedPaymentDate') ?? base.expectedDay,
    plannedDay: read.day('PlannedPaymentDate') ?? base.plannedDay,
    lineAmountTypes,
    currency,
    rate: read.scaled('CurrencyRate', RATE_SCALE) ?? base.rate,
    reference: read.text('Reference', 255) ?? base.reference,
    url: read.text('Url', 2000) ?? base.url,
    brandingThemeId: themeId ?? base.brandingThemeId,
    isSent: read.flag('SentToContact') ?? base.isSent,
  };
}

function readCurrency(books: Books, read: FieldReader, errors: string[]): string | undefined {
  const code = read.text('CurrencyCode', 3)?.toUpperCase();
  if (!code) return undefined;
  if (!books.currencies.get(code))
    errors.push(`Organisation is not subscribed to currency ${code}`);
  return code;
}

/** A contact's payment terms give the due date that was not sent. */
function dueDayByTerms(contact: Contact | undefined, day: string, side: Side): string | undefined {
  const terms = side === 'sale' ? contact?.salesTerms : contact?.billsTerms;
  if (!terms) return undefined;
  const [year = 0, month = 1] = day.split('-').map(Number);
  const monthEnd = (offset: number) => new Date(Date.UTC(year, month + offset, 0)).getUTCDate();
  const inMonth = (offset: number) => {
    const first = new Date(Date.UTC(year, month - 1 + offset, 1)).toISOString().slice(0, 8);
    return `${first}${String(Math.min(terms.day, monthEnd(offset))).padStart(2, '0')}`;
  };
  switch (terms.type) {
    case 'DAYSAFTERBILLMONTH':
      return addDays(new Date(Date.UTC(year, month, 0)).toISOString().slice(0, 10), terms.day);
    case 'OFCURRENTMONTH':
      return inMonth(0);
    case 'OFFOLLOWINGMONTH':
      return inMonth(1);
    default:
      return addDays(day, terms.day);
  }
}

/** What must hold before a document may be approved. */
export function checkApproval(document: Document, errors: string[]): void {
  if (document.lines.length === 0) errors.push('One or more line items must be specified');
  for (const line of document.lines) {
    if (!line.description) errors.push('Description is required for each line item');
    if (!line.accountCode) errors.push('Account code must be specified');
    if (line.accountCode && !line.taxType) errors.push('Tax type must be specified');
  }
  if (document.kind === 'invoice' && !document.dueDay) errors.push('Due date cannot be empty');
  if (document.total < 0) errors.push('The document total cannot be negative');
}

/** Refuses days in a closed period. Lock days are the last closed days. */
export function checkLockDates(books: Books, day: string, errors: string[]): void {
  const { periodLockDay, endOfYearLockDay } = books.organisation();
  if (endOfYearLockDay && day <= endOfYearLockDay) {
    errors.push(lockMessage('end of year lock date', endOfYearLockDay));
  } else if (periodLockDay && day <= periodLockDay) {
    errors.push(lockMessage('period lock date', periodLockDay));
  }
}

function lockMessage(which: string, day: string): string {
  const text = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeZone: 'UTC' }).format(
    new Date(`${day}T00:00:00Z`),
  );
  return `The document date cannot be before the ${which}, currently set at ${text}`;
}

/** A document with nothing in it yet. */
export function blankDocument(
  act: Act,
  start: Pick<Document, 'kind' | 'type' | 'contactId' | 'number'>,
): Document {
  return {
    id: act.ids.uuid(),
    ...start,
    status: 'DRAFT',
    reference: '',
    day: act.clock.today(),
    dueDay: undefined,
    expectedDay: undefined,
    plannedDay: undefined,
    currency: act.books.organisation().baseCurrency,
    rate: RATE_ONE,
    lineAmountTypes: 'Exclusive',
    lines: [],
    subTotal: 0,
    totalTax: 0,
    total: 0,
    paid: 0,
    credited: 0,
    fullyPaidDay: undefined,
    paymentIds: [],
    allocationIds: [],
    isSent: false,
    url: undefined,
    brandingThemeId: undefined,
    bankTransactionId: undefined,
    repeatingInvoiceId: undefined,
    createdByApp: act.appId,
    updatedAtMs: 0,
  };
}
