import { Group, Paper, Stack, Title } from '@mantine/core';
import type { OrganisationChoice } from '#contract/connections';
import { useAction } from '../../api/actions.ts';
import { Facts } from '../../ui/facts.tsx';
import { GuardedButton } from '../../ui/guarded-button.tsx';
import { ProblemAlert } from '../../ui/problem.tsx';
import { GiveUpChoice } from './GiveUpChoice.tsx';
import { OrganisationWarnings } from './OrganisationWarnings.tsx';
import { organisationFacts } from './organisation-words.ts';

interface ConfirmProps {
  connectionId: string;
  organisation: OrganisationChoice;
  joinsOthers: boolean;
  onConnected: () => void;
}

/** The question before a single organisation is connected about which something is worth a look. */
export function ConfirmOrganisation(props: ConfirmProps) {
  const { connectionId, organisation, joinsOthers, onConnected } = props;
  const connect = useAction('chooseOrganisation', { failure: 'inline', onDone: onConnected });
  return (
    <Paper p="lg">
      <Stack gap="lg">
        <Title order={2}>{organisation.name}</Title>
        <Facts facts={organisationFacts(organisation)} />
        <OrganisationWarnings organisation={organisation} />
        {connect.error && <ProblemAlert error={connect.error} takesFocus />}
        <Group>
          <GuardedButton
            reason={organisation.taken ? 'It is connected to another training provider.' : null}
            loading={connect.isPending}
            onClick={() =>
              connect.mutate({
                params: { connectionId },
                body: { xeroOrgId: organisation.xeroOrgId },
              })
            }
          >
            Connect this organisation
          </GuardedButton>
          <GiveUpChoice connectionId={connectionId} joinsOthers={joinsOthers} />
        </Group>
      </Stack>
    </Paper>
  );
}
