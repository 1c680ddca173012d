import { wireMoment } from '../core/dates.ts';
import { isRecord } from '../rules/field-reader.ts';
import type { Fields } from '../rules/where.ts';
import type { ApiAnswer, ApiCall, Operation } from './api-call.ts';
import { badRequest, notFound } from './api-error.ts';
import { type Books, findTaxRate } from './books.ts';
import { present } from './contact-wire.ts';
import { answerList } from './envelope.ts';
import { answerListing } from './list.ts';
import type { Account, Currency, TaxRate } from './settings-model.ts';
import type { Wire } from './wire-common.ts';
import { wireJson } from './wire-json.ts';

const RATE_DIVISOR = 10_000;

/** An account of the chart as Xero writes it; what it lacks, such as a code, is no key at all. */
export function wireAccount(books: Books, account: Account): Wire {
  return {
    AccountID: account.id,
    ...present({ Code: account.code }),
    Name: account.name,
    Status: account.status,
    Type: account.type,
    TaxType: account.taxType,
    ...present({ Description: account.description }),
    Class: account.class,
    ...present({ SystemAccount: account.systemAccount }),
    EnablePaymentsToAccount: account.isPaymentsEnabled,
    ShowInExpenseClaims: account.isShownInExpenseClaims,
    ...present({
      BankAccountNumber: account.bankAccountNumber,
      BankAccountType: account.bankAccountType,
      CurrencyCode: account.currency,
    }),
    ReportingCode: '',
    HasAttachments: books.attachments.find('subject', account.id).length > 0,
    UpdatedDateUTC: wireMoment(account.updatedAtMs),
    AddToWatchlist: false,
  };
}

const ACCOUNT_FIELDS: Fields<Account> = {
  accountid: (account) => account.id,
  code: (account) => account.code,
  name: (account) => account.name,
  type: (account) => account.type,
  class: (account) => account.class,
  status: (account) => account.status,
  taxtype: (account) => account.taxType,
  systemaccount: (account) => account.systemAccount,
  enablepaymentstoaccount: (account) => account.isPaymentsEnabled,
  updateddateutc: (account) => account.updatedAtMs,
};

function listAccounts(call: ApiCall): ApiAnswer {
  return answerListing(call, {
    name: 'Accounts',
    isUnpaged: true,
    collection: call.books.accounts,
    fields: ACCOUNT_FIELDS,
    updatedAtMs: (account) => account.updatedAtMs,
    toJson: (account) => wireJson(wireAccount(call.books, account)),
  });
}

function getAccount(call: ApiCall): ApiAnswer {
  const account = call.books.accounts.get((call.params.AccountID ?? '').toLowerCase());
  if (!account) throw notFound();
  return answerList(call, 'Accounts', [wireAccount(call.books, account)]);
}

/** A tax rate as Xero writes it: in percent, though kept in ten-thousandths of one. */
export function wireTaxRate(rate: TaxRate): Wire {
  const applies = (name: Account['class']) => rate.appliesTo.includes(name);
  const total = rate.components.reduce((sum, component) => sum + component.rate, 0);
  return {
    Name: rate.name,
    TaxType: rate.taxType,
    ReportTaxType: rate.reportTaxType,
    CanApplyToAssets: applies('ASSET'),
    CanApplyToEquity: applies('EQUITY'),
    CanApplyToExpenses: applies('EXPENSE'),
    CanApplyToLiabilities: applies('LIABILITY'),
    CanApplyToRevenue: applies('REVENUE'),
    DisplayTaxRate: total / RATE_DIVISOR,
    EffectiveRate: rate.effectiveRate / RATE_DIVISOR,
    Status: rate.status,
    TaxComponents: rate.components.map((component) => ({
      Name: component.name,
      Rate: component.rate / RATE_DIVISOR,
      IsCompound: component.isCompound,
      IsNonRecoverable: component.isNonRecoverable,
    })),
  };
}

const TAX_RATE_FIELDS: Fields<TaxRate> = {
  name: (rate) => rate.name,
  taxtype: (rate) => rate.taxType,
  status: (rate) => rate.status,
  reporttaxtype: (rate) => rate.reportTaxType,
  effectiverate: (rate) => rate.effectiveRate / RATE_DIVISOR,
};

function listTaxRates(call: ApiCall): ApiAnswer {
  return answerListing(call, {
    name: 'TaxRates',
    isUnpaged: true,
    collection: call.books.taxRates,
    fields: TAX_RATE_FIELDS,
    toJson: (rate) => wireJson(wireTaxRate(rate)),
  });
}

function getTaxRate(call: ApiCall): ApiAnswer {
  const rate = findTaxRate(call.books, call.params.TaxType ?? '');
  if (!rate) throw notFound();
  return answerList(call, 'TaxRates', [wireTaxRate(rate)]);
}

const CURRENCY_FIELDS: Fields<Currency> = {
  code: (currency) => currency.id,
  description: (currency) => currency.description,
};

function wireCurrency(currency: Currency): Wire {
  return { Code: currency.id, Description: currency.description };
}

function listCurrencies(call: ApiCall): ApiAnswer {
  return answerListing(call, {
    name: 'Currencies',
    isUnpaged: true,
    collection: call.books.currencies,
    fields: CURRENCY_FIELDS,
    toJson: (currency) => wireJson(wireCurrency(currency)),
  });
}

function createCurrency(call: ApiCall): ApiAnswer {
  const code = isRecord(call.body) ? call.body.Code : undefined;
  if (typeof code !== 'string' || !/^[A-Za-z]{3}$/.test(code)) {
    throw badRequest('ValidationException', 'Currency code is not valid');
  }
  const id = code.toUpperCase();
  const name = new Intl.DisplayNames('en', { type: 'currency' }).of(id) ?? id;
  const currency = call.books.currencies.get(id) ?? { id, description: name };
  call.books.currencies.put(currency);
  return answerList(call, 'Currencies', [wireCurrency(currency)]);
}

export const settingOperations: readonly Operation[] = [
  { id: 'getAccounts', method: 'GET', path: '/Accounts', handle: listAccounts },
  { id: 'getAccount', method: 'GET', path: '/Accounts/:AccountID', handle: getAccount },
  { id: 'getTaxRates', method: 'GET', path: '/TaxRates', handle: listTaxRates },
  { id: 'getTaxRateByTaxType', method: 'GET', path: '/TaxRates/:TaxType', handle: getTaxRate },
  { id: 'getCurrencies', method: 'GET', path: '/Currencies', handle: listCurrencies },
  { id: 'createCurrency', method: 'PUT', path: '/Currencies', handle: createCurrency },
];
