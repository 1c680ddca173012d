const names = new Intl.DisplayNames('en-AU', { type: 'region', fallback: 'code' });

/** A two-letter country code as its name; other text stays as it is. */
export function countryText(country: string | null): string | null {
  return country && /^[A-Z]{2}$/.test(country) ? (names.of(country) ?? country) : country;
}
