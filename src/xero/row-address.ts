/**
 * The address of one row of a list, by its id or number; null where that can't stand in one. Dots
 * alone are a step to another address, escaped or not, and nothing at all is the list itself.
 */
export function rowAddress(list: string, name: string): string | null {
  return /^\.*$/.test(name) ? null : `/${list}/${encodeURIComponent(name)}`;
}
