import { describe, expect, it } from 'vitest';
import { isEfficientFilter, isEfficientOrder, type Optimised } from './efficiency.ts';

const optimised: Optimised = {
  equals: ['Type', 'Date', 'Reference', 'InvoiceID', 'Contact.ContactID'],
  ranges: ['Date'],
  anyOf: ['InvoiceID'],
  order: ['UpdatedDateUTC'],
};
const id = 'Guid("96988e67-ecf9-466d-bfbf-0afa1725a649")';

describe('a filter is efficient', () => {
  it.each([
    'Type=="ACCREC"',
    'type = "ACCREC" && Reference == "a or b, (c) and d"',
    'Date >= DateTime(2026, 01, 01) AND Date < DateTime(2026, 02, 01)',
    `Contact.ContactID==${id}`,
    `(Contact.ContactID==${id})`,
    `InvoiceID==${id} OR InvoiceID==${id}`,
    `Type=="ACCREC" AND (InvoiceID==${id} || InvoiceID==${id})`,
  ])('with %s', (where) => {
    expect(isEfficientFilter(where, optimised)).toBe(true);
  });
});

describe('a filter is not', () => {
  it.each([
    'Total==5',
    'Type!="ACCREC"',
    'Reference > "a"',
    'Reference.Contains("a")',
    'Reference==null',
    'Type=="ACCREC" AND Total==5',
    'Type=="ACCREC" OR Type=="ACCPAY"',
    `(Contact.ContactID==${id} OR Contact.ContactID==${id})`,
    `(Type=="ACCREC" AND Date==DateTime(2026, 01, 01)) OR InvoiceID==${id}`,
  ])('with %s', (where) => {
    expect(isEfficientFilter(where, optimised)).toBe(false);
  });
});

it('an order is efficient by one optimised field, up or down', () => {
  const isEfficient = (order: string) => isEfficientOrder(order, optimised);
  expect(['UpdatedDateUTC', 'updateddateutc DESC', 'UpdatedDateUTC asc'].every(isEfficient)).toBe(
    true,
  );
  expect(['Total', 'UpdatedDateUTC ASC, Total', 'Date'].some(isEfficient)).toBe(false);
});
