import type { SealedColumn } from '#platform/reseal';
import { verifierPlace } from './begin-consent.ts';

/** Where verifiers stand sealed, for sealing them anew with another key. */
export const sealedConsentColumns: readonly SealedColumn[] = [
  { table: 'consents', column: 'sealed_verifier', place: verifierPlace },
];
