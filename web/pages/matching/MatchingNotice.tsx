import { Alert, Group, Text } from '@mantine/core';
import { IconUsers } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useMay } from '../../api/may.ts';
import { ask } from '../../api/queries.ts';
import { ButtonLink } from '../../ui/links.tsx';
import { ProblemAlert } from '../../ui/problem.tsx';
import { paths } from '../../util/paths.ts';
import { learnersText } from './matching-words.ts';

/** On the connection's card, while its matches wait for a person: nothing is sent before. */
export function MatchingNotice({ connectionId }: { connectionId: string }) {
  const may = useMay('learners.sync');
  const matching = useQuery({
    ...ask('getMatching', { params: { connectionId } }),
    enabled: may.allowed,
  });
  if (matching.error && !matching.data) {
    return <ProblemAlert error={matching.error} retry={() => matching.refetch()} />;
  }
  if (matching.data?.state !== 'open') return null;
  const { learners, organisationName } = matching.data;
  return (
    <Alert color="plum" icon={<IconUsers aria-hidden />} title="Matches are to be reviewed first">
      <Group justify="space-between">
        <Text size="sm" maw={560}>
          {learnersText(learners)} were compared with the contacts of {organisationName}. Nothing is
          created or changed there before you approve.
        </Text>
        <ButtonLink {...paths.matching(connectionId)}>Review matches</ButtonLink>
      </Group>
    </Alert>
  );
}
