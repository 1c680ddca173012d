import { FieldReader, type Sent } from '../rules/field-reader.ts';
import type { Act } from './api-call.ts';
import { type Books, findAccount, findTaxRate } from './books.ts';
import { type DraftLine, lineAmount } from './lines.ts';
import type { Line, LineAmountTypes, LineTracking } from './model.ts';
import type { Account } from './settings-model.ts';

/** Sales papers may use other tax types and accounts than purchases. */
export type Side = 'sale' | 'purchase';

const MAX_LINES = 1000;
const MAX_TRACKING = 2;
const NO_LINE_ACCOUNTS = new Set(['BANK']);

/**
 * Reads sent lines. A line with the LineItemID of an existing one changes it, any other is new; an
 * existing line that is not sent falls away.
 */
export function readLines(
  act: Act,
  sent: readonly Sent[],
  existing: readonly Line[],
  context: { readonly side: Side; readonly lineAmountTypes: LineAmountTypes },
  errors: string[],
): DraftLine[] {
  if (sent.length > MAX_LINES) errors.push(`A document can have at most ${MAX_LINES} line items`);
  return sent.slice(0, MAX_LINES).map((fields) => {
    const id = typeof fields.LineItemID === 'string' ? fields.LineItemID.toLowerCase() : '';
    const before = existing.find((line) => line.id === id);
    return readLine(act, fields, before, context, errors);
  });
}

function readLine(
  act: Act,
  fields: Sent,
  before: Line | undefined,
  context: { readonly side: Side; readonly lineAmountTypes: LineAmountTypes },
  errors: string[],
): DraftLine {
  const read = new FieldReader(fields, errors);
  const item = findItem(act.books, read.text('ItemCode', 30), errors);
  const accountCode =
    readAccountCode(act.books, read, errors) ?? before?.accountCode ?? item?.accountCode;
  const account = accountCode ? findAccount(act.books, accountCode) : undefined;
  const taxType =
    context.lineAmountTypes === 'NoTax'
      ? (read.text('TaxType', 50) ?? 'NONE')
      : (read.text('TaxType', 50) ?? before?.taxType ?? item?.taxType ?? account?.taxType);
  checkTaxType(act.books, taxType, account, errors);
  const tax = read.scaled('TaxAmount', 2);
  const line = {
    id: before?.id ?? act.ids.uuid(),
    description: read.text('Description', 4000) ?? before?.description ?? item?.description ?? '',
    itemCode: item?.code ?? before?.itemCode,
    accountCode: account?.code ?? accountCode,
    taxType,
    discountRate: read.scaled('DiscountRate', 2) ?? before?.discountRate,
    discountCents: read.scaled('DiscountAmount', 2) ?? before?.discountCents,
    tracking: readTracking(act.books, read, errors) ?? before?.tracking ?? [],
  };
  return { ...line, ...readAmounts(read, line, before, item?.unitPrice, errors), tax };
}

/** Quantity, unit amount and line amount: any two give the third, all three must agree. */
function readAmounts(
  read: FieldReader,
  discounts: Pick<Line, 'discountRate' | 'discountCents'>,
  before: Line | undefined,
  itemPrice: number | undefined,
  errors: string[],
): Pick<DraftLine, 'quantity' | 'unitAmount' | 'amount'> {
  const amount = read.scaled('LineAmount', 2);
  const quantity = read.scaled('Quantity', 4) ?? before?.quantity;
  const unitAmount = read.scaled('UnitAmount', 4) ?? before?.unitAmount ?? itemPrice;
  if (unitAmount === undefined && amount !== undefined) {
    const count = quantity ?? 10_000;
    const unit = count === 0 ? 0 : Math.round((amount * 1_000_000) / count);
    return { quantity: count, unitAmount: unit, amount };
  }
  const complete = { quantity: quantity ?? 10_000, unitAmount: unitAmount ?? 0 };
  const computed = lineAmount({ ...discounts, ...complete });
  if (amount !== undefined && Math.abs(amount - computed) > 1) {
    errors.push(
      `The line total ${amount / 100} does not match the expected line total ${computed / 100}`,
    );
  }
  return { ...complete, amount: undefined };
}

function readAccountCode(books: Books, read: FieldReader, errors: string[]): string | undefined {
  const sent = read.text('AccountCode', 50) || read.text('AccountID', 36)?.toLowerCase();
  if (!sent) return undefined;
  const account = findAccount(books, sent);
  if (account?.status !== 'ACTIVE') {
    errors.push(`Account code '${sent}' is not a valid code for this document.`);
    return undefined;
  }
  if (NO_LINE_ACCOUNTS.has(account.type) || account.systemAccount) {
    errors.push(`Account code '${account.code}' is not a valid code for this document.`);
  }
  return account.code;
}

function checkTaxType(
  books: Books,
  taxType: string | undefined,
  account: Account | undefined,
  errors: string[],
): void {
  if (!taxType || taxType.toUpperCase() === 'NONE') return;
  const rate = findTaxRate(books, taxType);
  if (rate?.status !== 'ACTIVE') {
    errors.push(
      `The TaxType code '${taxType}' does not exist or cannot be used for this type of transaction.`,
    );
  } else if (account && !rate.appliesTo.includes(account.class)) {
    errors.push(`The TaxType code '${taxType}' cannot be used with account code '${account.code}'`);
  }
}

interface KnownItem {
  readonly code: string;
  readonly description: string;
  readonly accountCode: string | undefined;
  readonly taxType: string | undefined;
  readonly unitPrice: number | undefined;
}

function findItem(books: Books, code: string | undefined, errors: string[]): KnownItem | undefined {
  if (!code) return undefined;
  const item = books.items.find('code', code.toLowerCase())[0];
  if (!item) {
    errors.push(`Item code '${code}' is not valid`);
    return undefined;
  }
  return {
    code: item.code,
    description: item.description,
    accountCode: item.sales?.accountCode,
    taxType: item.sales?.taxType,
    unitPrice: item.sales?.unitPrice,
  };
}

function readTracking(
  books: Books,
  read: FieldReader,
  errors: string[],
): LineTracking[] | undefined {
  const sent = read.records('Tracking');
  if (!sent) return undefined;
  if (sent.length > MAX_TRACKING) errors.push('A line item can have at most 2 tracking categories');
  return sent.slice(0, MAX_TRACKING).flatMap((fields) => {
    const part = new FieldReader(fields, errors);
    const name = part.text('Name', 100)?.toLowerCase();
    const categoryId = part.text('TrackingCategoryID', 36)?.toLowerCase();
    const category = books.trackingCategories
      .all()
      .find((one) => one.id === categoryId || one.name.toLowerCase() === name);
    const optionName = part.text('Option', 100)?.toLowerCase();
    const optionId = part.text('TrackingOptionID', 36)?.toLowerCase();
    const option = category?.options.find(
      (one) => one.id === optionId || one.name.toLowerCase() === optionName,
    );
    if (category && option) return [{ categoryId: category.id, optionId: option.id }];
    errors.push('The Tracking Category or Option does not exist');
    return [];
  });
}
