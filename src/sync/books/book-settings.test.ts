import { describe, expect, it } from 'vitest';
import type { BookSettings } from '#contract/books';
import { settingChanges } from './book-settings.ts';

const settings: BookSettings = {
  name: 'Harbour',
  legalName: null,
  country: 'AU',
  baseCurrency: 'AUD',
  timeZone: 'AUSEASTERNSTANDARDTIME',
  taxNumber: null,
  salesTaxBasis: 'ACCRUALS',
  periodLockDate: null,
  endOfYearLockDate: null,
  currencies: [{ code: 'AUD', name: 'Australian Dollar' }],
  taxRates: [
    { taxType: 'OUTPUT', name: 'GST on Income', rate: '10', status: 'ACTIVE', forSales: true },
  ],
  accounts: [
    {
      accountId: 'a',
      code: '200',
      name: 'Sales',
      type: 'REVENUE',
      status: 'ACTIVE',
      taxType: 'OUTPUT',
      takesPayments: false,
    },
  ],
};

describe('the settings of the books', () => {
  it('that are the same tell nothing', () => {
    expect(settingChanges(settings, structuredClone(settings))).toEqual([]);
  });

  it('tell a lock date, a rate, an account and a currency each in one line', () => {
    const [rate] = settings.taxRates;
    const [account] = settings.accounts;
    if (!rate || !account) throw new Error('The settings above have both');
    const after: BookSettings = {
      ...settings,
      periodLockDate: '2026-01-31',
      currencies: [...settings.currencies, { code: 'NZD', name: 'New Zealand Dollar' }],
      taxRates: [{ ...rate, rate: '12.5' }],
      accounts: [{ ...account, status: 'ARCHIVED' }],
    };
    expect(settingChanges(settings, after)).toEqual([
      { field: 'Lock date', from: null, to: '2026-01-31' },
      { field: 'Currency NZD', from: null, to: 'New Zealand Dollar' },
      { field: 'Tax rate OUTPUT', from: 'GST on Income, 10 %', to: 'GST on Income, 12.5 %' },
      {
        field: 'Account 200',
        from: '200 Sales, revenue, tax OUTPUT',
        to: '200 Sales, revenue, tax OUTPUT (archived)',
      },
    ]);
    expect(settingChanges(after, settings)).toHaveLength(4);
  });

  it('tell what an invoice would be raised with: an account’s code and tax, a rate that is not for sales', () => {
    const [rate] = settings.taxRates;
    const [account] = settings.accounts;
    if (!rate || !account) throw new Error('The settings above have both');
    const after: BookSettings = {
      ...settings,
      taxRates: [{ ...rate, forSales: false }],
      accounts: [{ ...account, code: '210', taxType: 'EXEMPTOUTPUT' }],
    };
    expect(settingChanges(settings, after)).toEqual([
      {
        field: 'Tax rate OUTPUT',
        from: 'GST on Income, 10 %',
        to: 'GST on Income, 10 %, not for sales',
      },
      {
        field: 'Account 210',
        from: '200 Sales, revenue, tax OUTPUT',
        to: '210 Sales, revenue, tax EXEMPTOUTPUT',
      },
    ]);
  });

  it('set up anew are told by their number', () => {
    const accounts = Array.from({ length: 80 }, (_, index) => ({
      accountId: `n${index}`,
      code: `${300 + index}`,
      name: `New ${index}`,
      type: 'REVENUE',
      status: 'ACTIVE',
      taxType: null,
      takesPayments: false,
    }));
    const changes = settingChanges(settings, { ...settings, accounts });
    expect(changes).toHaveLength(51);
    expect(changes.at(-1)?.to).toBe('31 further settings');
  });
});
