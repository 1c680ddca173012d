import { Group, Paper, Stack, Text, Title } from '@mantine/core';
import type { Campus, ProviderOrganisation } from '#contract/organisations';
import { TextLink } from '../../ui/links.tsx';
import { paths } from '../../util/paths.ts';

interface CampusesProps {
  campuses: readonly Campus[];
  organisations: readonly ProviderOrganisation[];
}

/** The campuses that learners are at, with how many and where they belong now. */
export function CampusesInUse({ campuses, organisations }: CampusesProps) {
  const nameOf = (id: string | null) =>
    organisations.find(({ xeroOrgId }) => xeroOrgId === id)?.name ?? 'no connected organisation';
  return (
    <Paper p="lg" component="section" aria-label="Campuses in use">
      <Stack gap="sm">
        <Title order={2}>Campuses in use</Title>
        {campuses.length === 0 && (
          <Text c="dimmed" size="sm">
            No learner has a campus yet. It is written on the learner’s page or comes with an
            import.
          </Text>
        )}
        {campuses.map(({ campus, learners, xeroOrgId }) => (
          <Group key={campus} justify="space-between">
            <TextLink {...paths.learners} search={{ campus }}>
              {campus}
            </TextLink>
            <Text size="sm" c="dimmed">
              {learners === 1 ? '1 learner' : `${learners.toLocaleString('en-AU')} learners`} in{' '}
              {nameOf(xeroOrgId)}
            </Text>
          </Group>
        ))}
      </Stack>
    </Paper>
  );
}
