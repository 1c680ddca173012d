import { Group, Paper, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { CatalogueApp } from '#contract/connections';
import { useMay } from '../../api/may.ts';
import { ask } from '../../api/queries.ts';
import { ButtonLink } from '../../ui/links.tsx';
import { paths } from '../../util/paths.ts';
import { ConnectButton } from './ConnectButton.tsx';

/** For providers whose campuses or legal entities keep books of their own. */
export function MoreOrganisations({ app }: { app: CatalogueApp }) {
  const may = useMay('connections.manage');
  const known = useQuery(ask('listOrganisations'));
  const isSeveral = (known.data?.organisations.length ?? 0) > 1;
  return (
    <Paper p="lg" component="section" aria-label="Several organisations">
      <Group justify="space-between" align="flex-start">
        <Stack gap={4} style={{ flex: '1 1 320px' }}>
          <Text fw={600}>Several Xero organisations</Text>
          <Text size="sm" maw={640}>
            Where campuses or legal entities keep books of their own, each learner belongs to one of
            them, by campus.
          </Text>
        </Stack>
        <Group gap="xs">
          {isSeveral && (
            <ButtonLink {...paths.organisationRules} variant="default">
              Which learners go where
            </ButtonLink>
          )}
          <ConnectButton
            app={app}
            reason={may.reason}
            label="Connect another organisation"
            another
          />
        </Group>
      </Group>
    </Paper>
  );
}
