import { type ImportKind, importTargets } from '#contract/imports';

export const kindNames: Record<ImportKind, string> = { csv: 'CSV', avetmiss: 'AVETMISS' };

/** A field's name as people read it; a part of an address is named by its part. */
export function fieldName(field: string): string {
  const known = (importTargets as Record<string, string>)[field];
  if (known) return known;
  const words = field
    .replace(/\./g, ': ')
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}
