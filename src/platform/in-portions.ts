/**
 * Cuts rows into portions of at most so many, in their order; the last one may be smaller, none is
 * empty. For statements, whose parameters PostgreSQL limits to 65,535, and for calls, of which Xero
 * limits what they carry.
 */
export function inPortions<Row>(rows: readonly Row[], most: number): Row[][] {
  const count = Math.ceil(rows.length / most);
  return Array.from({ length: count }, (_, index) => rows.slice(index * most, (index + 1) * most));
}
