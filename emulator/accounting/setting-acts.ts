import { ZERO_UUID } from '../core/ids.ts';
import { FieldReader, type Sent } from '../rules/field-reader.ts';
import type { Act, ApiAnswer, ApiCall, Operation } from './api-call.ts';
import { notFound } from './api-error.ts';
import { findTaxRate } from './books.ts';
import {
  answerList,
  type ElementOutcome,
  orRefuse,
  refuse,
  sentElements,
  writeElements,
} from './envelope.ts';
import { wireAccount, wireTaxRate } from './settings.ts';
import type { Account, TaxComponent, TaxRate } from './settings-model.ts';

/** Account types and the class each belongs to. */
const ACCOUNT_CLASSES: Readonly<Record<string, Account['class']>> = {
  BANK: 'ASSET',
  CURRENT: 'ASSET',
  FIXED: 'ASSET',
  INVENTORY: 'ASSET',
  NONCURRENT: 'ASSET',
  PREPAYMENT: 'ASSET',
  CURRLIAB: 'LIABILITY',
  LIABILITY: 'LIABILITY',
  TERMLIAB: 'LIABILITY',
  PAYGLIABILITY: 'LIABILITY',
  SUPERANNUATIONLIABILITY: 'LIABILITY',
  WAGESPAYABLELIABILITY: 'LIABILITY',
  DEPRECIATN: 'EXPENSE',
  DIRECTCOSTS: 'EXPENSE',
  EXPENSE: 'EXPENSE',
  OVERHEADS: 'EXPENSE',
  SUPERANNUATIONEXPENSE: 'EXPENSE',
  WAGESEXPENSE: 'EXPENSE',
  EQUITY: 'EQUITY',
  REVENUE: 'REVENUE',
  SALES: 'REVENUE',
  OTHERINCOME: 'REVENUE',
};
const MAX_COMPONENTS = 10;
/** Xero takes accounts and tax rates one a request. */
const ONE = 1;

function writeAccount(act: Act, known: Account | undefined, sent: Sent): ElementOutcome {
  const read = new FieldReader(sent);
  const { errors } = read;
  const type = read.text('Type', 50)?.toUpperCase() ?? known?.type ?? '';
  const accountClass = ACCOUNT_CLASSES[type];
  const code = read.text('Code', 10)?.trim() ?? known?.code ?? '';
  const name = read.text('Name', 150)?.trim() ?? known?.name ?? '';
  const taxType = read.text('TaxType', 50) ?? known?.taxType ?? 'NONE';
  if (!accountClass) errors.push('Account type is not valid');
  if (!name) errors.push('Please enter a Name.');
  if (!code && type !== 'BANK') errors.push('Please enter a Code.');
  if (known?.systemAccount) errors.push('System accounts cannot be updated');
  if (type === 'BANK' && !known && !read.text('BankAccountNumber', 50))
    errors.push('BankAccountNumber must be specified');
  if (taxType !== 'NONE' && !findTaxRate(act.books, taxType))
    errors.push(`The TaxType code '${taxType}' does not exist`);
  for (const other of act.books.accounts.all()) {
    if (other.id === known?.id || other.status === 'DELETED') continue;
    if (code && other.code.toLowerCase() === code.toLowerCase())
      errors.push('Please enter a unique Code.');
    if (other.name.toLowerCase() === name.toLowerCase()) errors.push('Please enter a unique Name.');
  }
  const account: Account = {
    id: known?.id ?? act.ids.uuid(),
    code,
    name,
    type,
    class: accountClass ?? 'ASSET',
    status: read.choice('Status', ['ACTIVE', 'ARCHIVED'] as const) ?? known?.status ?? 'ACTIVE',
    taxType,
    description: read.text('Description', 4000) ?? known?.description ?? '',
    bankAccountNumber: read.text('BankAccountNumber', 50) ?? known?.bankAccountNumber,
    bankAccountType:
      type === 'BANK' ? (read.text('BankAccountType', 20) ?? known?.bankAccountType ?? 'BANK') : '',
    currency: type === 'BANK' ? act.books.organisation().baseCurrency : undefined,
    isPaymentsEnabled: read.flag('EnablePaymentsToAccount') ?? known?.isPaymentsEnabled ?? false,
    isShownInExpenseClaims:
      read.flag('ShowInExpenseClaims') ?? known?.isShownInExpenseClaims ?? false,
    systemAccount: known?.systemAccount ?? '',
    updatedAtMs: act.clock.nowMs(),
  };
  if (errors.length > 0) return refuse(sent, errors, 'AccountID', known?.id ?? ZERO_UUID);
  act.books.accounts.put(account);
  return { ok: true, wire: wireAccount(act.books, account) };
}

function accountOf(call: ApiCall): Account {
  const account = call.books.accounts.get((call.params.AccountID ?? '').toLowerCase());
  if (!account) throw notFound();
  return account;
}

function updateAccount(call: ApiCall): ApiAnswer {
  const [sent = {}] = sentElements(call.body, 'Accounts');
  return answerList(call, 'Accounts', [orRefuse(writeAccount(call, accountOf(call), sent))]);
}

/** Accounts that papers stand on can only be archived. */
function deleteAccount(call: ApiCall): ApiAnswer {
  const account = accountOf(call);
  const isUsed =
    account.systemAccount !== '' ||
    call.books.payments.all().some((payment) => payment.accountId === account.id) ||
    call.books.invoices
      .all()
      .some((one) => one.lines.some((line) => line.accountCode === account.code));
  if (isUsed)
    orRefuse(refuse({}, ['This account is in use and cannot be deleted'], 'AccountID', account.id));
  const deleted: Account = { ...account, status: 'DELETED', updatedAtMs: call.clock.nowMs() };
  call.books.accounts.put(deleted);
  return answerList(call, 'Accounts', [wireAccount(call.books, deleted)]);
}

/** Rates of one's own are called TAX001 and on. */
function writeTaxRate(act: Act, sent: Sent, mayUpdate: boolean): ElementOutcome {
  const read = new FieldReader(sent);
  const { errors } = read;
  const name = read.text('Name', 100)?.trim() ?? '';
  const sentType = read.text('TaxType', 50);
  const known = mayUpdate && sentType ? findTaxRate(act.books, sentType) : undefined;
  const components = readComponents(read) ?? known?.components ?? [];
  const status =
    read.choice('Status', ['ACTIVE', 'DELETED', 'ARCHIVED'] as const) ?? known?.status ?? 'ACTIVE';
  if (!name && !known) errors.push('Name must be specified');
  if (components.length === 0) errors.push('TaxComponents must be specified');
  if (components.length > MAX_COMPONENTS)
    errors.push(`At most ${MAX_COMPONENTS} tax components are possible`);
  const twin = act.books.taxRates
    .all()
    .find((rate) => rate.name.toLowerCase() === name.toLowerCase());
  if (name && twin && twin.id !== known?.id) errors.push('The tax rate name must be unique');
  if (known && !known.taxType.startsWith('TAX')) errors.push('System tax rates cannot be updated');
  if (errors.length > 0) return refuse(sent, errors, 'TaxType', sentType ?? '');
  const rate: TaxRate = {
    id: known?.id ?? act.ids.uuid(),
    name: name || (known?.name ?? ''),
    taxType: known?.taxType ?? nextTaxType(act),
    reportTaxType: read.text('ReportTaxType', 50) ?? known?.reportTaxType ?? 'NONE',
    status,
    components,
    appliesTo: known?.appliesTo ?? ['ASSET', 'EQUITY', 'EXPENSE', 'LIABILITY', 'REVENUE'],
    effectiveRate: components.reduce((sum, component) => sum + component.rate, 0),
  };
  act.books.taxRates.put(rate);
  return { ok: true, wire: wireTaxRate(rate) };
}

function readComponents(read: FieldReader): TaxComponent[] | undefined {
  return read.records('TaxComponents')?.map((sent) => {
    const part = new FieldReader(sent, read.errors);
    return {
      name: part.text('Name', 100) ?? 'Tax',
      rate: part.scaled('Rate', 4) ?? 0,
      isCompound: part.flag('IsCompound') ?? false,
      isNonRecoverable: part.flag('IsNonRecoverable') ?? false,
    };
  });
}

function nextTaxType(act: Act): string {
  for (let i = 1; ; i++) {
    const taxType = `TAX${String(i).padStart(3, '0')}`;
    if (!findTaxRate(act.books, taxType)) return taxType;
  }
}

export const settingActOperations: readonly Operation[] = [
  {
    id: 'createAccount',
    method: 'PUT',
    path: '/Accounts',
    handle: (call) =>
      writeElements(call, 'Accounts', (sent) => writeAccount(call, undefined, sent), ONE),
  },
  { id: 'updateAccount', method: 'POST', path: '/Accounts/:AccountID', handle: updateAccount },
  { id: 'deleteAccount', method: 'DELETE', path: '/Accounts/:AccountID', handle: deleteAccount },
  {
    id: 'createTaxRates',
    method: 'PUT',
    path: '/TaxRates',
    handle: (call) =>
      writeElements(call, 'TaxRates', (sent) => writeTaxRate(call, sent, false), ONE),
  },
  {
    id: 'updateTaxRate',
    method: 'POST',
    path: '/TaxRates',
    handle: (call) =>
      writeElements(call, 'TaxRates', (sent) => writeTaxRate(call, sent, true), ONE),
  },
];
