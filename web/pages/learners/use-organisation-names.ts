import { useQuery } from '@tanstack/react-query';
import type { Statement } from '#contract/statement';
import { ask } from '../../api/queries.ts';
import { useMay } from '../../api/session.ts';

/** Names organisations where the statements come from more than one; null else. */
export function useOrganisationNames(
  statements: readonly Statement[],
): (xeroOrgId: string) => string | null {
  const isSeveral = new Set(statements.map((statement) => statement.xeroOrgId)).size > 1;
  const may = useMay('connections.view');
  const apps = useQuery({ ...ask('listApps'), enabled: isSeveral && may.allowed });
  const organisations = (apps.data?.apps ?? []).flatMap((app) =>
    app.connections.flatMap((connection) => connection.organisation ?? []),
  );
  return (xeroOrgId) =>
    (isSeveral && organisations.find((one) => one.xeroOrgId === xeroOrgId)?.name) || null;
}
