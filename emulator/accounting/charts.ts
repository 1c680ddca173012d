import type { Ids } from '../core/ids.ts';
import type { Organisation } from './model.ts';
import type { Account, TaxRate } from './settings-model.ts';

/** The chart of accounts and the tax rates with which a new organisation of a country starts. */

type Class = Account['class'];
type RateRow = readonly [
  taxType: string,
  name: string,
  report: string,
  percent: number,
  appliesTo: string,
];

const CLASS_LETTERS: Readonly<Record<string, Class>> = {
  A: 'ASSET',
  Q: 'EQUITY',
  E: 'EXPENSE',
  L: 'LIABILITY',
  R: 'REVENUE',
};

const TAX_RATES: Readonly<Record<Organisation['countryCode'], readonly RateRow[]>> = {
  AU: [
    ['OUTPUT', 'GST on Income', 'OUTPUT', 10, 'AQLR'],
    ['INPUT', 'GST on Expenses', 'INPUT', 10, 'AQEL'],
    ['EXEMPTOUTPUT', 'GST Free Income', 'EXEMPTOUTPUT', 0, 'AQLR'],
    ['EXEMPTEXPENSES', 'GST Free Expenses', 'EXEMPTEXPENSES', 0, 'AQEL'],
    ['EXEMPTEXPORT', 'GST Free Exports', 'EXEMPTEXPORT', 0, 'AQLR'],
    ['INPUTTAXED', 'Input Taxed', 'INPUTTAXED', 0, 'AQELR'],
    ['CAPEXINPUT', 'GST on Capital', 'CAPITALEXINPUT', 10, 'AQEL'],
    ['GSTONIMPORTS', 'GST on Imports', 'GSTONIMPORTS', 0, 'AEL'],
    ['BASEXCLUDED', 'BAS Excluded', 'BASEXCLUDED', 0, 'AQELR'],
  ],
  NZ: [
    ['OUTPUT2', '15% GST on Income', 'OUTPUT', 15, 'AQLR'],
    ['INPUT2', '15% GST on Expenses', 'INPUT', 15, 'AQEL'],
    ['ZERORATED', 'Zero Rated', 'NONE', 0, 'AQLR'],
    ['NONE', 'No GST', 'NONE', 0, 'AQELR'],
    ['GSTONIMPORTS', 'GST on Imports', 'GSTONIMPORTS', 0, 'AEL'],
  ],
  GB: [
    ['OUTPUT2', '20% (VAT on Income)', 'OUTPUT', 20, 'AQLR'],
    ['INPUT2', '20% (VAT on Expenses)', 'INPUT', 20, 'AQEL'],
    ['RROUTPUT', '5% (VAT on Income)', 'OUTPUT', 5, 'AQLR'],
    ['RRINPUT', '5% (VAT on Expenses)', 'INPUT', 5, 'AQEL'],
    ['ZERORATEDOUTPUT', 'Zero Rated Income', 'OUTPUT', 0, 'AQLR'],
    ['ZERORATEDINPUT', 'Zero Rated Expenses', 'INPUT', 0, 'AQEL'],
    ['EXEMPTOUTPUT', 'Exempt Income', 'EXEMPTOUTPUT', 0, 'AQLR'],
    ['EXEMPTINPUT', 'Exempt Expenses', 'EXEMPTINPUT', 0, 'AQEL'],
    ['NONE', 'No VAT', 'NONE', 0, 'AQELR'],
    ['REVERSECHARGES', 'Reverse Charge Expenses (20%)', 'NONE', 0, 'AEL'],
    ['DRCHARGESUPPLY20', 'Domestic Reverse Charge @ 20% (VAT on Income)', 'NONE', 0, 'R'],
  ],
};

/** The tax types that a country's accounts use by default. */
const DEFAULT_TAX: Readonly<
  Record<Organisation['countryCode'], { out: string; in: string; none: string }>
> = {
  AU: { out: 'OUTPUT', in: 'INPUT', none: 'BASEXCLUDED' },
  NZ: { out: 'OUTPUT2', in: 'INPUT2', none: 'NONE' },
  GB: { out: 'OUTPUT2', in: 'INPUT2', none: 'NONE' },
};

type AccountRow = readonly [
  code: string,
  name: string,
  type: string,
  letter: string,
  tax: 'out' | 'in' | 'none',
  flags?: string,
];

/** Flags: `p` takes payments, `x` shows in expense claims, `=NAME` is a system account. */
const ACCOUNTS: readonly AccountRow[] = [
  ['090', 'Business Bank Account', 'BANK', 'A', 'none', 'p'],
  ['091', 'Business Savings Account', 'BANK', 'A', 'none', 'p'],
  ['200', 'Sales', 'REVENUE', 'R', 'out'],
  ['210', 'Course Fees', 'REVENUE', 'R', 'out'],
  ['215', 'Course Materials', 'REVENUE', 'R', 'out'],
  ['260', 'Other Revenue', 'REVENUE', 'R', 'out'],
  ['270', 'Interest Income', 'REVENUE', 'R', 'none'],
  ['310', 'Cost of Goods Sold', 'DIRECTCOSTS', 'E', 'in'],
  ['400', 'Advertising', 'EXPENSE', 'E', 'in', 'x'],
  ['404', 'Bank Fees', 'EXPENSE', 'E', 'none'],
  ['412', 'Consulting & Accounting', 'EXPENSE', 'E', 'in', 'x'],
  ['429', 'General Expenses', 'EXPENSE', 'E', 'in', 'x'],
  ['453', 'Office Expenses', 'EXPENSE', 'E', 'in', 'x'],
  ['469', 'Rent', 'EXPENSE', 'E', 'in'],
  ['477', 'Wages and Salaries', 'EXPENSE', 'E', 'none'],
  ['489', 'Telephone & Internet', 'EXPENSE', 'E', 'in', 'x'],
  ['610', 'Accounts Receivable', 'CURRENT', 'A', 'none', '=DEBTORS'],
  ['620', 'Prepayments', 'CURRENT', 'A', 'none'],
  ['710', 'Office Equipment', 'FIXED', 'A', 'in'],
  ['800', 'Accounts Payable', 'CURRLIAB', 'L', 'none', '=CREDITORS'],
  ['820', 'GST', 'CURRLIAB', 'L', 'none', '=GST'],
  ['840', 'Historical Adjustment', 'CURRLIAB', 'L', 'none', '=HISTORICAL'],
  ['850', 'Fees Received in Advance', 'CURRLIAB', 'L', 'none', 'p'],
  ['860', 'Rounding', 'CURRLIAB', 'L', 'none', '=ROUNDING'],
  ['880', 'Owner Drawings', 'EQUITY', 'Q', 'none', 'p'],
  ['960', 'Retained Earnings', 'EQUITY', 'Q', 'none', '=RETAINEDEARNINGS'],
];

/**
 * The rates that a new organisation of the country starts with, in ten-thousandths of a percent.
 * `ids` name them: seeded ones, so that an organisation of the seeds keeps its rates' ids.
 */
export function defaultTaxRates(country: Organisation['countryCode'], ids: Ids): TaxRate[] {
  return TAX_RATES[country].map(([taxType, name, reportTaxType, percent, letters]) => ({
    id: ids.uuid(),
    name,
    taxType,
    reportTaxType,
    status: 'ACTIVE',
    components: [
      { name: 'Tax', rate: percent * 10_000, isCompound: false, isNonRecoverable: false },
    ],
    appliesTo: [...letters].flatMap((letter) => CLASS_LETTERS[letter] ?? []),
    effectiveRate: percent * 10_000,
  }));
}

/**
 * The chart that a new organisation starts with, taxed as its country does. Bank accounts alone
 * have a number and a currency, the base one; `nowMs` is when each was last changed.
 */
export function defaultAccounts(
  organisation: Pick<Organisation, 'countryCode' | 'baseCurrency'>,
  ids: Ids,
  nowMs: number,
): Account[] {
  const tax = DEFAULT_TAX[organisation.countryCode];
  return ACCOUNTS.map(([code, name, type, letter, taxKind, flags = '']) => {
    const isBank = type === 'BANK';
    return {
      id: ids.uuid(),
      code,
      name,
      type,
      class: CLASS_LETTERS[letter] ?? 'ASSET',
      status: 'ACTIVE',
      taxType: tax[taxKind],
      description: '',
      bankAccountNumber: isBank ? `0101${code}00012345` : undefined,
      bankAccountType: isBank ? 'BANK' : '',
      currency: isBank ? organisation.baseCurrency : undefined,
      isPaymentsEnabled: flags.includes('p') && !isBank,
      isShownInExpenseClaims: flags.includes('x'),
      systemAccount: flags.startsWith('=') ? flags.slice(1) : '',
      updatedAtMs: nowMs,
    };
  });
}

/** The tax type that a country's sales use by default. */
export function defaultSalesTax(country: Organisation['countryCode']): string {
  return DEFAULT_TAX[country].out;
}
