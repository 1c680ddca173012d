import type { BookSettings } from '#contract/books';
import type { FieldChange } from '#events/index';
import {
  decimalText,
  type WireAccount,
  type WireCurrency,
  type WireOrganisation,
  type WireTaxRate,
} from '#xero/index';

/** Changes that one event tells; who changes more at once set the books up anew. */
const CHANGES_MAX = 50;

/** The settings as read, in our shape, in an order of their own so that equal ones are equal. */
export function settingsOf(
  organisation: WireOrganisation,
  currencies: readonly WireCurrency[],
  taxRates: readonly WireTaxRate[],
  accounts: readonly WireAccount[],
): BookSettings {
  return {
    name: organisation.Name,
    legalName: organisation.LegalName,
    country: organisation.CountryCode,
    baseCurrency: organisation.BaseCurrency,
    timeZone: organisation.Timezone,
    taxNumber: organisation.TaxNumber,
    salesTaxBasis: organisation.SalesTaxBasis,
    periodLockDate: organisation.periodLockDay,
    endOfYearLockDate: organisation.endOfYearLockDay,
    currencies: sorted(
      currencies.map(({ Code: code, Description: name }) => ({ code, name })),
      ({ code }) => code,
    ),
    taxRates: sorted(
      taxRates.map((rate) => ({
        taxType: rate.TaxType,
        name: rate.Name,
        rate: decimalText(rate.EffectiveRate),
        status: rate.Status,
        forSales: rate.CanApplyToRevenue,
      })),
      ({ taxType }) => taxType,
    ),
    accounts: sorted(
      accounts.map((account) => ({
        accountId: account.AccountID,
        code: account.Code,
        name: account.Name,
        type: account.Type,
        status: account.Status,
        taxType: account.TaxType,
        takesPayments: account.EnablePaymentsToAccount || account.Type === 'BANK',
      })),
      ({ code, name, accountId }) => `${code ?? '~'} ${name} ${accountId}`,
    ),
  };
}

function sorted<Row>(rows: Row[], keyOf: (row: Row) => string): Row[] {
  return rows.sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
}

const PLAIN = {
  name: 'Name',
  legalName: 'Legal name',
  country: 'Country',
  baseCurrency: 'Base currency',
  timeZone: 'Time zone',
  taxNumber: 'Tax number',
  salesTaxBasis: 'Sales tax basis',
  periodLockDate: 'Lock date',
  endOfYearLockDate: 'Year-end lock date',
} as const satisfies Partial<Record<keyof BookSettings, string>>;

/** What changed between two readings, as people read it: one entry for each setting. */
export function settingChanges(before: BookSettings, after: BookSettings): FieldChange[] {
  const changes: FieldChange[] = [];
  for (const field of Object.keys(PLAIN) as (keyof typeof PLAIN)[]) {
    if (before[field] === after[field]) continue;
    changes.push({ field: PLAIN[field], from: before[field], to: after[field] });
  }
  changes.push(
    ...listChanges(before.currencies, after.currencies, {
      keyOf: ({ code }) => code,
      fieldOf: ({ code }) => `Currency ${code}`,
      textOf: ({ name, code }) => name ?? code,
    }),
    ...listChanges(before.taxRates, after.taxRates, {
      keyOf: ({ taxType }) => taxType,
      fieldOf: ({ taxType }) => `Tax rate ${taxType}`,
      textOf: ({ name, rate, status, forSales }) =>
        `${name}, ${rate ?? '?'} %${forSales ? '' : ', not for sales'}${ifNotActive(status)}`,
    }),
    ...listChanges(before.accounts, after.accounts, {
      keyOf: ({ accountId }) => accountId,
      fieldOf: ({ code, name }) => `Account ${code ?? name}`,
      textOf: accountText,
    }),
  );
  if (changes.length <= CHANGES_MAX) return changes;
  const more = changes.length - CHANGES_MAX;
  const rest = { field: 'More', from: null, to: `${more} further settings` };
  return [...changes.slice(0, CHANGES_MAX), rest];
}

function accountText({
  code,
  name,
  type,
  taxType,
  takesPayments,
  status,
}: BookSettings['accounts'][number]): string {
  const tax = taxType === null ? '' : `, tax ${taxType}`;
  const payments = takesPayments ? ', takes payments' : '';
  const label = code === null ? name : `${code} ${name}`;
  return `${label}, ${type.toLowerCase()}${tax}${payments}${ifNotActive(status)}`;
}

function ifNotActive(status: string): string {
  return status === 'ACTIVE' ? '' : ` (${status.toLowerCase()})`;
}

interface Listed<Row> {
  keyOf: (row: Row) => string;
  fieldOf: (row: Row) => string;
  textOf: (row: Row) => string;
}

function listChanges<Row>(
  before: readonly Row[],
  after: readonly Row[],
  { keyOf, fieldOf, textOf }: Listed<Row>,
): FieldChange[] {
  const had = new Map(before.map((row) => [keyOf(row), row]));
  const has = new Map(after.map((row) => [keyOf(row), row]));
  const gone = before.filter((row) => !has.has(keyOf(row)));
  const changes = gone.map((row) => ({ field: fieldOf(row), from: textOf(row), to: null }));
  const others = after.flatMap((row): FieldChange[] => {
    const old = had.get(keyOf(row));
    const from = old === undefined ? null : textOf(old);
    const to = textOf(row);
    return from === to ? [] : [{ field: fieldOf(row), from, to }];
  });
  return [...changes, ...others];
}
