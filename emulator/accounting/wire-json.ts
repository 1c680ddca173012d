/**
 * Xero counts money, rates and quantities in decimals and writes whole ones with their point:
 * `0.0`, `110.0` (recorded). A caller that tells integers and decimals apart meets that here too.
 */
const DECIMAL_KEYS = [
  'Amount',
  'AmountCredited',
  'AmountDue',
  'AmountPaid',
  'AppliedAmount',
  'BankAmount',
  'CurrencyRate',
  'DiscountAmount',
  'DiscountRate',
  'DisplayTaxRate',
  'EffectiveRate',
  'LineAmount',
  'Outstanding',
  'Overdue',
  'Quantity',
  'Rate',
  'RemainingCredit',
  'SubTotal',
  'TaxAmount',
  'Total',
  'TotalAmount',
  'TotalTax',
  'UnitAmount',
  'UnitPrice',
];

/** Quotes inside a text are escaped, so that nothing within one can look like a key. */
const WHOLE_DECIMAL = new RegExp(`"(?:${DECIMAL_KEYS.join('|')})":-?\\d+(?=[,}])`, 'g');

/** The JSON text of one element of an answer. */
export function wireJson(wire: unknown): string {
  return JSON.stringify(wire).replace(WHOLE_DECIMAL, '$&.0');
}
