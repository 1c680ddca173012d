import type { OrganisationWarning } from '#contract/connections';
import type { XeroOrgId } from '#contract/ids';
import type { Choice } from './choice-store.ts';
import type { FormerConnection } from './organisation-store.ts';

/** What is known here before an organisation is connected. */
export interface Surroundings {
  /** ISO 3166 code of the provider's country. */
  country: string;
  /** The organisation that was connected last, or waits to be reconnected. */
  last: { xeroOrgId: XeroOrgId; name: string } | null;
  /** Whether it would make way. */
  makesWay: boolean;
  /** Connections that ended, the newest first. */
  former: readonly FormerConnection[];
  /** How many learners have a contact in organisations that were here. */
  links: ReadonlyMap<XeroOrgId, number>;
}

/** What books are kept in where a country has one currency that nearly everybody uses. */
const CURRENCIES: Readonly<Record<string, string>> = {
  AU: 'AUD',
  NZ: 'NZD',
  GB: 'GBP',
  SG: 'SGD',
  ZA: 'ZAR',
  US: 'USD',
  CA: 'CAD',
  IE: 'EUR',
};

/** What is worth a look before this organisation is connected; empty for a plain first one. */
export function warningsOf(choice: Choice, around: Surroundings): OrganisationWarning[] {
  const warnings: OrganisationWarning[] = [];
  const { last, makesWay, former, links } = around;
  const before = former.find(({ xeroOrgId }) => xeroOrgId === choice.xeroOrgId);
  if (before) {
    warnings.push({
      kind: 'was-here',
      connectedBy: before.connectedBy,
      until: before.until.toISOString(),
      links: links.get(choice.xeroOrgId) ?? 0,
    });
  }
  if (last && last.xeroOrgId !== choice.xeroOrgId) {
    warnings.push({ kind: 'differs', lastName: last.name, makesWay });
  }
  if (!choice.isDescribed) return [...warnings, { kind: 'undescribed' }];
  if (choice.isDemo) warnings.push({ kind: 'demo' });
  if (choice.country !== null && choice.country !== around.country) {
    warnings.push({ kind: 'country', expected: around.country });
  }
  const expected = CURRENCIES[around.country];
  if (expected && choice.baseCurrency !== null && choice.baseCurrency !== expected) {
    warnings.push({ kind: 'currency', expected });
  }
  return warnings;
}
