import { useQuery } from '@tanstack/react-query';
import { useMay } from './may.ts';
import { ask } from './queries.ts';

/**
 * Names the organisation of a paper or balance once there are several, those disconnected meanwhile
 * included; null while there is only one, which needs no naming.
 */
export function useOrganisationName(): (xeroOrgId: string) => string | null {
  const may = useMay('connections.view');
  const known = useQuery({ ...ask('listOrganisations'), enabled: may.allowed });
  const organisations = known.data?.organisations ?? [];
  return (xeroOrgId) => {
    if (organisations.length < 2) return null;
    const found = organisations.find((one) => one.xeroOrgId === xeroOrgId);
    if (!found) return null;
    return found.isConnected ? found.name : `${found.name} (no longer connected)`;
  };
}
