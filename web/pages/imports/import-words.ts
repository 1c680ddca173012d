import type { ImportKind } from '#contract/imports';

export const kindNames: Record<ImportKind, string> = { csv: 'CSV', avetmiss: 'AVETMISS' };
