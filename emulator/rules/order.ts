import { queryParseError } from '../accounting/api-error.ts';
import { foldText } from './fold.ts';
import type { Fields, FieldValue } from './where.ts';

/**
 * Sorts by `Field [ASC|DESC], …`; rows that are equal keep their order.
 * @throws ApiError QueryParseException on an unknown field or direction.
 */
export function sortRows<T>(rows: readonly T[], order: string, fields: Fields<T>): readonly T[] {
  const keys = order.split(',').map((part) => {
    const [name = '', direction = 'ASC', ...rest] = part.trim().split(/\s+/);
    const read = fields[name.toLowerCase()];
    const isDescending = /^desc(ending)?$/i.test(direction);
    if (!read || rest.length > 0 || (!isDescending && !/^asc(ending)?$/i.test(direction))) {
      throw queryParseError(`No property or field '${part.trim()}' exists to order by`);
    }
    return { read, sign: isDescending ? -1 : 1 };
  });
  return [...rows].sort((a, b) => {
    for (const { read, sign } of keys) {
      const difference = compareValues(read(a), read(b));
      if (difference !== 0) return difference * sign;
    }
    return 0;
  });
}

function compareValues(a: FieldValue, b: FieldValue): number {
  const left = sortable(a);
  const right = sortable(b);
  if (left === right) return 0;
  if (left === null) return -1;
  if (right === null) return 1;
  return left < right ? -1 : 1;
}

function sortable(value: FieldValue): string | number | boolean | null {
  if (value === undefined || value === null) return null;
  return typeof value === 'string' ? foldText(value) : value;
}
