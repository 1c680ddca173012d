import { describe, expect, it } from 'vitest';
import { outlineOf } from './outline.ts';

const ID = '9c6f2c7e-3b3f-4c6e-9d1a-0f6f6b5b2a11';
const OTHER = '0c6f2c7e-3b3f-4c6e-9d1a-0f6f6b5b2a22';

describe('the outline of a paper in a form that we don’t know', () => {
  it('tells which it is, whose, of which side and changed when', () => {
    const row = {
      InvoiceID: ID.toUpperCase(),
      InvoiceNumber: 'INV-7',
      Type: 'ACCREC',
      Contact: { ContactID: OTHER, Name: 7 },
      CurrencyCode: 'usd',
      UpdatedDateUTC: '/Date(1772413200000+0000)/',
    };
    expect(outlineOf('invoice', row)).toEqual({
      xeroId: ID,
      number: 'INV-7',
      contactId: OTHER,
      type: 'ACCREC',
      updatedAt: new Date('2026-03-02T01:00:00.000Z'),
    });
  });

  it('takes the id of the kind that was asked for', () => {
    expect(outlineOf('prepayment', { PrepaymentID: ID }).xeroId).toBe(ID);
    expect(outlineOf('credit-note', { PrepaymentID: ID }).xeroId).toBeNull();
  });

  it('has nothing where nothing can be read, and never fails', () => {
    const nothing = { xeroId: null, number: null, contactId: null, type: null, updatedAt: null };
    const broken = { InvoiceID: 7, Type: null, Contact: [], UpdatedDateUTC: {} };
    for (const row of [null, 7, 'text', [], {}, broken, { Contact: { ContactID: 'x' } }]) {
      expect(outlineOf('invoice', row)).toEqual(nothing);
    }
  });
});
