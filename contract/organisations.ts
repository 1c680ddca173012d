import { z } from 'zod';
import { XeroOrgId } from './ids.ts';
import { route } from './route.ts';
import { line } from './text.ts';

/** How many rules a provider may have beside the default. */
export const RULES_MAX = 100;

/** A Xero organisation that serves this provider, or did. */
export const ProviderOrganisation = z.object({
  xeroOrgId: XeroOrgId,
  name: z.string(),
  baseCurrency: z.string().nullable(),
  /** False: it was disconnected, and what is known of it is shown as it was then. */
  isConnected: z.boolean(),
});
export type ProviderOrganisation = z.infer<typeof ProviderOrganisation>;

export const CampusRule = z.object({
  /** Compared without regard to case and spaces around it. */
  campus: line(100).min(1),
  xeroOrgId: XeroOrgId,
});
export type CampusRule = z.infer<typeof CampusRule>;

/** Which organisation a learner belongs to: by campus, else the default. */
export const OrganisationRules = z.object({
  /** Null: learners without a rule of their own go nowhere. */
  defaultXeroOrgId: XeroOrgId.nullable(),
  campuses: z.array(CampusRule).max(RULES_MAX),
});
export type OrganisationRules = z.infer<typeof OrganisationRules>;

export const Campus = z.object({
  campus: z.string(),
  learners: z.int(),
  /** Where its learners belong now; null for nowhere. */
  xeroOrgId: XeroOrgId.nullable(),
});
export type Campus = z.infer<typeof Campus>;

/** What campuses are compared by: "North  Shore" and "north shore" are one. */
export function campusKey(campus: string): string {
  return campus.normalize('NFKC').replace(/\s+/gu, ' ').trim().toLowerCase();
}

/**
 * The one organisation a learner belongs to, or null for none. A rule for an organisation that is
 * not connected holds its learners back: they never fall through into other books.
 */
export function organisationFor(
  learner: { campus: string | null },
  rules: OrganisationRules,
  connected: ReadonlySet<XeroOrgId>,
): XeroOrgId | null {
  const wanted = wantedOrganisation(learner, rules);
  return wanted !== null && connected.has(wanted) ? wanted : null;
}

/** The organisation that the rules name for a learner, whether it is connected or not. */
export function wantedOrganisation(
  { campus }: { campus: string | null },
  rules: OrganisationRules,
): XeroOrgId | null {
  const key = campus === null ? null : campusKey(campus);
  const rule = rules.campuses.find((one) => campusKey(one.campus) === key);
  return rule?.xeroOrgId ?? rules.defaultXeroOrgId;
}

export const organisationRoutes = {
  listOrganisations: route({
    method: 'GET',
    path: '/api/v1/organisations',
    permission: 'connections.view',
    tag: 'Connected apps',
    summary: 'The Xero organisations connected now or formerly',
    answer: z.object({ organisations: z.array(ProviderOrganisation) }),
  }),
  getOrganisationRules: route({
    method: 'GET',
    path: '/api/v1/organisation-rules',
    permission: 'connections.view',
    tag: 'Connected apps',
    summary: 'Which organisation learners belong to, by campus, and the campuses in use',
    answer: z.object({ rules: OrganisationRules, campuses: z.array(Campus) }),
  }),
  /** All rules at once; the learners concerned are moved over in the background. */
  setOrganisationRules: route({
    method: 'PUT',
    path: '/api/v1/organisation-rules',
    permission: 'connections.manage',
    tag: 'Connected apps',
    summary: 'Say which organisation learners belong to, by campus',
    body: OrganisationRules,
    answer: OrganisationRules,
  }),
};
