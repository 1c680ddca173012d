import { describe, expect, it } from 'vitest';
import { namesOf } from './paper-problems.ts';

const invoice = (number: string | null) => ({ kind: 'invoice' as const, number });
const note = { kind: 'credit-note' as const, number: 'CN-1' };

describe('papers that can’t be read', () => {
  it.each([
    ['Invoice INV-1', [invoice('INV-1')]],
    ['Invoice', [invoice(null)]],
    ['Credit note CN-1, invoice INV-1', [note, invoice('INV-1')]],
    [
      'Invoice 1, invoice 2, invoice 3, invoice 4, invoice 5 and 2 more',
      ['1', '2', '3', '4', '5', '6', '7'].map(invoice),
    ],
  ])('are named: %s', (names, papers) => expect(namesOf(papers)).toBe(names));
});
