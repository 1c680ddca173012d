import type { ConnectionId, XeroOrgId } from '#contract/ids';
import type { FieldChange } from '#events/index';
import type { Tx } from '#platform/database';
import { announce } from '#platform/live-updates';
import type { Scope } from '#platform/scope';
import type { WireOrganisation } from '#xero/index';
import type { Organisation } from '../connection.ts';
import { getConnection } from '../connection-store.ts';
import type { ConnectionsDeps } from '../deps.ts';
import { setOrganisation } from './life-store.ts';

/** What people see of an organisation, in the order in which a change of it is told. */
const SHOWN = ['name', 'legalName', 'country', 'baseCurrency', 'taxNumber', 'isDemo'] as const;

/** Takes over how the organisation describes itself now, and tells what is different. */
export async function followOrganisation(
  deps: Pick<ConnectionsDeps, 'events'>,
  tx: Tx,
  scope: Scope,
  connectionId: ConnectionId,
  wire: WireOrganisation,
): Promise<void> {
  const connection = await getConnection(tx, scope, connectionId, { lock: true });
  const known = connection?.organisation;
  if (!known) return;
  const present = described(known.xeroOrgId, wire);
  const changes = changesBetween(known, present);
  if (changes.length === 0 && known.shortCode === present.shortCode) return;
  await setOrganisation(tx, scope, connectionId, present);
  if (changes.length === 0) return;
  await deps.events.append(tx, scope, {
    kind: 'connection.organisation-changed',
    connectionId,
    xeroOrgId: known.xeroOrgId,
    organisationName: present.name,
    changes,
  });
  await announce(tx, scope.providerId, 'connections', [connectionId]);
}

function changesBetween(before: Organisation, after: Organisation): FieldChange[] {
  return SHOWN.filter((field) => before[field] !== after[field]).map((field) => ({
    field,
    from: textOf(before[field]),
    to: textOf(after[field]),
  }));
}

function textOf(value: string | boolean | null): string | null {
  return typeof value === 'boolean' ? (value ? 'yes' : 'no') : value;
}

function described(xeroOrgId: XeroOrgId, wire: WireOrganisation): Organisation {
  return {
    xeroOrgId,
    name: wire.Name,
    legalName: wire.LegalName,
    country: wire.CountryCode,
    baseCurrency: wire.BaseCurrency,
    taxNumber: wire.TaxNumber,
    isDemo: wire.IsDemoCompany,
    shortCode: wire.ShortCode,
  };
}
