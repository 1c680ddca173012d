import { Paper, Tabs, Text } from '@mantine/core';
import { IconFileDescription, IconHistory, IconId, IconReceipt } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { displayName, type Learner } from '#contract/learners';
import { hasCode } from '../../api/errors.ts';
import { ask } from '../../api/queries.ts';
import { TextLink } from '../../ui/links.tsx';
import { Loading } from '../../ui/loading.tsx';
import { Page } from '../../ui/page.tsx';
import { ProblemAlert } from '../../ui/problem.tsx';
import { paths } from '../../util/paths.ts';
import { LEARNER_TABS } from '../../util/search.ts';
import { DriftCard } from '../sync/DriftCard.tsx';
import { LearnerActions } from './LearnerActions.tsx';
import { LearnerDetailsTab } from './LearnerDetailsTab.tsx';
import { LearnerHistoryTab } from './LearnerHistoryTab.tsx';
import { LearnerInvoicesTab } from './LearnerInvoicesTab.tsx';
import { LearnerMerges } from './LearnerMerges.tsx';
import { LearnerStatementTab } from './LearnerStatementTab.tsx';
import { LearnerSyncBadge } from './LearnerSyncBadge.tsx';
import { LearnerSyncCard } from './LearnerSyncCard.tsx';

/** One learner: who they are, where they stand towards Xero, what they owe, what happened. */
export function LearnerPage() {
  const { learnerId } = useParams({ from: '/app/learners/$learnerId' });
  const learner = useQuery(ask('getLearner', { params: { learnerId } }));
  if (learner.data) return <Profile key={learnerId} learner={learner.data} />;
  const isGone =
    hasCode(learner.error, 'request.not-found') || hasCode(learner.error, 'request.invalid');
  return (
    <Page
      title={isGone ? 'This learner is not here' : 'Learner'}
      above={<BackToList />}
      width={960}
    >
      {learner.error ? (
        <ProblemAlert
          error={learner.error}
          {...(isGone ? {} : { retry: () => learner.refetch() })}
        />
      ) : (
        <Loading />
      )}
    </Page>
  );
}

function BackToList() {
  return (
    <TextLink {...paths.learners} size="sm">
      Learners
    </TextLink>
  );
}

function Profile({ learner }: { learner: Learner }) {
  const name = displayName(learner);
  return (
    <Page
      title={name}
      above={<BackToList />}
      beside={<LearnerSyncBadge learnerId={learner.id} />}
      lead={
        <>
          <span className="figures">{learner.learnerNumber}</span>
          {learner.refExternal && <> · your code {learner.refExternal}</>}
          {!learner.isActive && (
            <Text span fw={600}>
              {' '}
              · Inactive
            </Text>
          )}
        </>
      }
      actions={<LearnerActions learner={learner} />}
    >
      <LearnerMerges learner={learner} />
      <LearnerSyncCard learner={learner} />
      <DriftCard partyId={learner.id} />
      <ProfileTabs learner={learner} />
    </Page>
  );
}

function ProfileTabs({ learner }: { learner: Learner }) {
  const { tab = 'details' } = useSearch({ from: '/app/learners/$learnerId' });
  const navigate = useNavigate();
  const open = (chosen: string | null) => {
    const next = LEARNER_TABS.find((known) => known === chosen) ?? 'details';
    void navigate({ ...paths.learner(learner.id), search: { tab: next }, replace: true });
  };
  const icon = { size: 16, 'aria-hidden': true };
  return (
    <Paper>
      <Tabs value={tab} onChange={open} keepMounted={false}>
        <Tabs.List px="xs">
          <Tabs.Tab value="details" leftSection={<IconId {...icon} />}>
            Personal details
          </Tabs.Tab>
          <Tabs.Tab value="invoices" leftSection={<IconReceipt {...icon} />}>
            Invoices
          </Tabs.Tab>
          <Tabs.Tab value="statement" leftSection={<IconFileDescription {...icon} />}>
            Statement
          </Tabs.Tab>
          <Tabs.Tab value="history" leftSection={<IconHistory {...icon} />}>
            History
          </Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="details" p="lg">
          <LearnerDetailsTab learner={learner} />
        </Tabs.Panel>
        <Tabs.Panel value="invoices">
          <LearnerInvoicesTab learner={learner} />
        </Tabs.Panel>
        <Tabs.Panel value="statement">
          <LearnerStatementTab learner={learner} />
        </Tabs.Panel>
        <Tabs.Panel value="history" p="lg">
          <LearnerHistoryTab learnerId={learner.id} />
        </Tabs.Panel>
      </Tabs>
    </Paper>
  );
}
