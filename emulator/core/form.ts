/** Reads query strings and posted forms, in which every value may be missing or repeated. */

/** A flat picture of a query: the first value of each name, as text. */
export function asTexts(query: unknown): Record<string, string> {
  const texts: Record<string, string> = {};
  if (typeof query !== 'object' || query === null) return texts;
  for (const [name, value] of Object.entries(query)) {
    const first: unknown = Array.isArray(value) ? value[0] : value;
    if (first !== undefined && first !== null) texts[name] = String(first);
  }
  return texts;
}

/** One posted value as text, empty when it is missing. */
export function textOf(form: unknown, name: string): string {
  return asTexts(form)[name] ?? '';
}
