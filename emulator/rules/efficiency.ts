/** Which filters and orders Xero answers however many rows there are, as its page on each list says. */
export interface Optimised {
  /** Fields that may be compared with `=`. */
  readonly equals: readonly string[];
  /** Those of them that may be compared with `>`, `>=`, `<` and `<=` as well. */
  readonly ranges?: readonly string[];
  /** Those of them of which several values may be joined by OR. */
  readonly anyOf?: readonly string[];
  readonly order: readonly string[];
}

const TEXT = /"(?:\\.|[^"\\])*"/g;
const VALUE = /(?:""|-?[\d.]+|true|false|guid\(\s*""\s*\)|datetime(?:\.parse)?\([^()]*\))/;
const COMPARISON = new RegExp(`^([\\w.]+?)\\s*(==?|[<>]=?)\\s*${VALUE.source}$`, 'i');

/**
 * Whether a filter holds nothing but optimised comparisons joined by AND. What can't be told is taken
 * for inefficient: `!=`, functions of texts, OR over other fields, nested parentheses.
 */
export function isEfficientFilter(where: string, optimised: Optimised): boolean {
  const terms = where.replace(TEXT, '""').split(/&&|\band\b/i);
  return terms.every((term) => isEfficientTerm(term.trim(), optimised));
}

function isEfficientTerm(term: string, { equals, ranges = [], anyOf = [] }: Optimised): boolean {
  const bare = /^\(([^()]*(?:\([^()]*\)[^()]*)*)\)$/.exec(term)?.[1] ?? term;
  const comparisons = bare.split(/\|\||\bor\b/i).map((text) => COMPARISON.exec(text.trim()));
  return comparisons.every((found) => {
    const [, field = '', sign = ''] = found ?? [];
    if (comparisons.length > 1) return sign.startsWith('=') && isAmong(field, anyOf);
    return isAmong(field, sign.startsWith('=') ? equals : ranges);
  });
}

/** Whether a list is sorted by one optimised field. */
export function isEfficientOrder(order: string, optimised: Optimised): boolean {
  const [field = '', ...rest] = order.replace(/\s+(asc|desc)(ending)?$/i, '').split(/[\s,]+/);
  return rest.length === 0 && isAmong(field, optimised.order);
}

function isAmong(field: string, names: readonly string[]): boolean {
  return names.some((name) => name.toLowerCase() === field.toLowerCase());
}
