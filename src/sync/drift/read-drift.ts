import { createHash } from 'node:crypto';
import type { PartyDrift } from '#contract/drift';
import type { PartyId, XeroOrgId } from '#contract/ids';
import type { Tx } from '#platform/database';
import type { Scope } from '#platform/scope';
import type { SyncDeps } from '../lane/lane-run.ts';
import { lanesOf } from '../lane/lane-store.ts';
import type { ContactLink } from '../links/contact-link.ts';
import { linksOfParties } from '../links/link-store.ts';
import { asText } from '../push/field-value.ts';
import { DRIFT_FIELDS, type DriftField } from './judge.ts';
import { type Ours, oursByParty } from './ours.ts';
import { takeFrom } from './take.ts';
import { withDrift } from './with-drift.ts';

/** A link that differs from its contact, as somebody looks at it. */
export interface Differing {
  xeroOrgId: XeroOrgId;
  organisationName: string;
  /** With its drift as both sides are at this moment. */
  link: ContactLink;
  ours: Ours;
}

/** The link of a party in the organisation it is sent to; null where nothing can be decided. */
export async function findDiffering(
  deps: Pick<SyncDeps, 'parties'>,
  tx: Tx,
  scope: Scope,
  partyId: PartyId,
): Promise<Differing | null> {
  for (const lane of await lanesOf(tx, scope)) {
    if (lane.stop_reason === 'disconnected') continue;
    const xeroOrgId = lane.xero_org_id as XeroOrgId;
    const [link] = await linksOfParties(tx, scope, xeroOrgId, [partyId]);
    if (!link || link.standing === null || link.seen === null) continue;
    const ours = (await oursByParty(deps, tx, scope, [link])).get(partyId);
    if (!ours) continue;
    const present = withDrift(link, ours.fields);
    return { xeroOrgId, organisationName: lane.organisation_name, link: present, ours };
  }
  return null;
}

/** Fields that are open or that somebody put aside, in the order of the form. */
export function differingFields({ link }: Differing): DriftField[] {
  return DRIFT_FIELDS.filter(
    (field) => link.drift.includes(field) || link.accepted[field] !== undefined,
  );
}

/** Names what was looked at, so that an act on anything else is refused. */
export function versionOf(differing: Differing): string {
  const { link, ours } = differing;
  const said = differingFields(differing).map((field) => [
    field,
    link.drift.includes(field),
    asText(ours.fields[field]),
    asText(link.seen?.[field] ?? null),
  ]);
  return createHash('sha256').update(JSON.stringify(said)).digest('hex').slice(0, 16);
}

/** As the profile shows it; null when nothing differs. */
export function presentDrift(differing: Differing | null): PartyDrift | null {
  const seen = differing?.link.seen;
  if (!differing || !seen) return null;
  const { xeroOrgId, organisationName, link, ours } = differing;
  const fields = differingFields(differing);
  if (fields.length === 0) return null;
  return {
    xeroOrgId,
    organisationName,
    changedAt: link.driftSince?.toISOString() ?? null,
    version: versionOf(differing),
    fields: fields.map((field) => ({
      field,
      ours: asText(ours.fields[field]),
      theirs: asText(seen[field]),
      state: link.drift.includes(field) ? 'open' : 'ignored',
      cannotTake: takeFrom(ours.party, link.bearsNumber, seen, [field]).refused[field] ?? null,
    })),
  };
}
