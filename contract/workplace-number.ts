/**
 * Whether a number looks like a workplace's. Both stand in Xero as Contact Code, where one code is
 * one contact, so no learner may have such a number.
 */
export function isWorkplaceNumber(number: string): boolean {
  return number.normalize('NFKC').replace(/\s+/gu, '').toLowerCase().startsWith('wp-');
}
