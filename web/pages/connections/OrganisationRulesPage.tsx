import { Paper } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useMay } from '../../api/may.ts';
import { ask } from '../../api/queries.ts';
import { TextLink } from '../../ui/links.tsx';
import { Loading } from '../../ui/loading.tsx';
import { NotAllowed } from '../../ui/not-allowed.tsx';
import { Page } from '../../ui/page.tsx';
import { ProblemAlert } from '../../ui/problem.tsx';
import { paths } from '../../util/paths.ts';
import { CampusesInUse } from './CampusesInUse.tsx';
import { OrganisationRulesForm } from './OrganisationRulesForm.tsx';

/** Which organisation each learner belongs to, when the provider has several. */
export function OrganisationRulesPage() {
  const may = useMay('connections.manage');
  const rules = useQuery(ask('getOrganisationRules'));
  const known = useQuery(ask('listOrganisations'));
  const error = rules.error ?? known.error;
  const organisations = known.data?.organisations ?? [];
  return (
    <Page
      title="Which learners go where"
      width={860}
      above={
        <TextLink {...paths.connectedApps} size="sm">
          Connected Apps
        </TextLink>
      }
      lead="Each learner belongs to one Xero organisation: the one of their campus, else the default. Organisations never mix. When a learner moves, their invoices of before stay visible under the organisation they came from."
    >
      {error && !(rules.data && known.data) && <ProblemAlert error={error} />}
      {(rules.isPending || known.isPending) && <Loading rows={3} height={56} />}
      {!may.allowed && (
        <Paper>
          <NotAllowed title="Changing the rules is not open to you" reason={may.reason} />
        </Paper>
      )}
      {rules.data && known.data && may.allowed && (
        <OrganisationRulesForm
          key={JSON.stringify(rules.data.rules)}
          rules={rules.data.rules}
          organisations={organisations}
          campuses={rules.data.campuses.map(({ campus }) => campus)}
        />
      )}
      {rules.data && <CampusesInUse campuses={rules.data.campuses} organisations={organisations} />}
    </Page>
  );
}
