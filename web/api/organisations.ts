import { useQuery } from '@tanstack/react-query';
import type { ProviderOrganisation } from '#contract/organisations';
import { useMay } from './may.ts';
import { ask } from './queries.ts';

/**
 * Names the organisation of a paper or balance once there are several, those disconnected meanwhile
 * included; null while there is only one that is connected, which needs no naming.
 */
export function useOrganisationName(): (xeroOrgId: string) => string | null {
  const may = useMay('connections.view');
  const known = useQuery({ ...ask('listOrganisations'), enabled: may.allowed });
  const organisations = known.data?.organisations ?? [];
  return (xeroOrgId) => organisationName(organisations, xeroOrgId);
}

/** The name by which one of these is told from the others, and from one that is connected. */
export function organisationName(
  organisations: readonly ProviderOrganisation[],
  xeroOrgId: string,
): string | null {
  const found = organisations.find((one) => one.xeroOrgId === xeroOrgId);
  if (found?.isConnected === false) return `${found.name} (no longer connected)`;
  return organisations.length > 1 && found ? found.name : null;
}
