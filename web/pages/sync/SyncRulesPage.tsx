import { List, Paper, Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { WINNERS, winnerTexts } from '#contract/drift';
import { ask } from '../../api/queries.ts';
import { TextLink } from '../../ui/links.tsx';
import { Loading } from '../../ui/loading.tsx';
import { Page } from '../../ui/page.tsx';
import { ProblemAlert } from '../../ui/problem.tsx';
import { paths } from '../../util/paths.ts';
import { SyncRulesForm } from './SyncRulesForm.tsx';

/** Who wins each field that was changed in Xero. */
export function SyncRulesPage() {
  const answer = useQuery(ask('getSyncRules'));
  return (
    <Page
      title="Sync rules"
      width={860}
      lead="What is changed here goes to Xero by itself. These rules say what happens when a contact was changed in Xero."
    >
      <Paper p="lg" component="section" aria-label="What the choices mean">
        <Title order={2} size="h3" mb="xs">
          What the choices mean
        </Title>
        <List size="sm" spacing={4}>
          {WINNERS.map((winner) => (
            <List.Item key={winner}>
              <b>{winnerTexts[winner].title}:</b> {winnerTexts[winner].words}
            </List.Item>
          ))}
        </List>
      </Paper>
      {answer.error && !answer.data && (
        <ProblemAlert error={answer.error} retry={() => answer.refetch()} />
      )}
      {answer.isPending && <Loading rows={4} height={56} />}
      {answer.data && (
        <Stack gap="lg">
          <Open count={answer.data.openDrifts} />
          <SyncRulesForm key={JSON.stringify(answer.data.rules)} rules={answer.data.rules} />
        </Stack>
      )}
    </Page>
  );
}

function Open({ count }: { count: number }) {
  if (count === 0) return <Text size="sm">Nothing waits for a decision now.</Text>;
  return (
    <Text size="sm">
      {count === 1
        ? '1 learner or workplace waits for a decision.'
        : `${count.toLocaleString('en-AU')} learners and workplaces wait for a decision.`}{' '}
      <TextLink {...paths.syncInbox} underline="always">
        See them in Sync
      </TextLink>
    </Text>
  );
}
