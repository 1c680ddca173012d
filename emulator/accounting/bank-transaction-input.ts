import { FieldReader, type Sent } from '../rules/field-reader.ts';
import type { Act } from './api-call.ts';
import { type Books, findAccount } from './books.ts';
import { contactOfDocument } from './contact-acts.ts';
import { checkLockDates, RATE_ONE, RATE_SCALE, sideOf } from './document-input.ts';
import { readLines } from './line-input.ts';
import { checkSize, sumLines } from './lines.ts';
import { BANK_TRANSACTION_TYPES, type BankTransaction, type LineAmountTypes } from './model.ts';

const LINE_AMOUNT_TYPES: readonly LineAmountTypes[] = ['Exclusive', 'Inclusive', 'NoTax'];

/** What a caller decides about a bank transaction; the rest follows from it. */
type BankTransactionFacts = Omit<
  BankTransaction,
  'id' | 'status' | 'currency' | 'creditKind' | 'creditId' | 'updatedAtMs'
>;

type ReadOutcome = { ok: true; facts: BankTransactionFacts } | { ok: false; errors: string[] };

/** Reads a sent bank transaction; with `known`, what was not sent stays as it is there. */
export function readBankTransaction(
  act: Act,
  sent: Sent,
  known: BankTransaction | undefined,
): ReadOutcome {
  const errors: string[] = [];
  const read = new FieldReader(sent, errors);
  const type = read.choice('Type', BANK_TRANSACTION_TYPES) ?? known?.type;
  if (!type && errors.length === 0) errors.push('Bank transaction type must be specified');
  if (type && known && type !== known.type) errors.push('The type cannot be changed');
  const contactId = readContact(act, read, known, errors);
  const bankAccountId = readBankAccount(act.books, read, known, errors);
  const day = read.day('Date') ?? known?.day ?? act.clock.today();
  checkLockDates(act.books, day, errors);
  if (!type || !contactId || !bankAccountId) return { ok: false, errors };
  const isOverpayment = type.endsWith('OVERPAYMENT');
  const lineAmountTypes = isOverpayment
    ? 'NoTax'
    : (read.choice('LineAmountTypes', LINE_AMOUNT_TYPES) ?? known?.lineAmountTypes ?? 'Exclusive');
  const context = { side: sideOf(type), lineAmountTypes };
  const lines =
    known && !read.has('LineItems')
      ? known.lines
      : readLines(act, readSentLines(read, isOverpayment), known?.lines ?? [], context, errors);
  if (lines.length === 0) errors.push('One or more line items must be specified');
  const sums = sumLines(act.books, lines, lineAmountTypes);
  checkSize(sums, errors);
  if (sums.total <= 0) errors.push('The transaction total must be greater than zero');
  const facts: BankTransactionFacts = {
    type,
    contactId,
    bankAccountId,
    day,
    reference: read.text('Reference', 255) ?? known?.reference ?? '',
    url: read.text('Url', 2000) ?? known?.url,
    isReconciled: read.flag('IsReconciled') ?? known?.isReconciled ?? false,
    rate: read.scaled('CurrencyRate', RATE_SCALE) ?? known?.rate ?? RATE_ONE,
    lineAmountTypes,
    ...sums,
  };
  return errors.length > 0 ? { ok: false, errors: [...new Set(errors)] } : { ok: true, facts };
}

function readContact(
  act: Act,
  read: FieldReader,
  known: BankTransaction | undefined,
  errors: string[],
): string | undefined {
  if (known && !read.has('Contact')) return known.contactId;
  const contact = contactOfDocument(act, read.record('Contact'));
  if (typeof contact !== 'string') return contact.id;
  errors.push(contact);
  return undefined;
}

/** An overpayment's lines stand on the control account, whatever was sent. */
function readSentLines(read: FieldReader, isOverpayment: boolean): Sent[] {
  const sent = read.records('LineItems') ?? [];
  if (!isOverpayment) return sent;
  return sent.map(({ AccountCode: _code, AccountID: _id, TaxType: _tax, ...line }) => line);
}

function readBankAccount(
  books: Books,
  read: FieldReader,
  known: BankTransaction | undefined,
  errors: string[],
): string | undefined {
  if (known && !read.has('BankAccount')) return known.bankAccountId;
  const sent = read.record('BankAccount');
  const key = sent?.AccountID ?? sent?.Code;
  const account = typeof key === 'string' ? findAccount(books, key.toLowerCase()) : undefined;
  if (account?.type === 'BANK' && account.status === 'ACTIVE') return account.id;
  errors.push('A bank account must be specified for this type of transaction');
  return undefined;
}
