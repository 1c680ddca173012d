import { Paper, Stack, Title } from '@mantine/core';
import { IconCircleCheck } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { ask } from '../../api/queries.ts';
import { Empty } from '../../ui/empty.tsx';
import { ButtonLink } from '../../ui/links.tsx';
import { Loading } from '../../ui/loading.tsx';
import { Page } from '../../ui/page.tsx';
import { ProblemAlert } from '../../ui/problem.tsx';
import { paths } from '../../util/paths.ts';
import { InboxProblemCard } from './InboxProblemCard.tsx';

/** Every problem of the sync once, with what can be done; empties itself. */
export function InboxPage() {
  const inbox = useQuery(ask('syncInbox'));
  return (
    <Page
      title="Sync"
      lead="What keeps learners and Xero from being in step, each cause once. It leaves by itself when the cause is gone."
      actions={
        <>
          <ButtonLink {...paths.agreement} variant="default">
            Agreement
          </ButtonLink>
          <ButtonLink {...paths.runs} variant="default">
            Runs
          </ButtonLink>
        </>
      }
    >
      {inbox.error && !inbox.data && (
        <ProblemAlert error={inbox.error} retry={() => inbox.refetch()} />
      )}
      {inbox.isPending && <Loading />}
      {inbox.data && inbox.data.problems.length === 0 && (
        <Paper>
          <Empty
            icon={IconCircleCheck}
            title="Nothing needs you"
            text="Problems of the sync stand here with their cause and what can be done."
          />
        </Paper>
      )}
      {inbox.data?.problems.map((problem) => (
        <InboxProblemCard key={problem.key} problem={problem} isIgnored={false} />
      ))}
      {inbox.data && inbox.data.ignored.length > 0 && (
        <Stack gap="md" component="section" aria-label="Put aside">
          <Title order={2}>Put aside</Title>
          {inbox.data.ignored.map((problem) => (
            <InboxProblemCard key={problem.key} problem={problem} isIgnored />
          ))}
        </Stack>
      )}
    </Page>
  );
}
