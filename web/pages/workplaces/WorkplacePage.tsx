import { Paper, Tabs, Text } from '@mantine/core';
import {
  IconBuildingFactory2,
  IconFileDescription,
  IconHistory,
  IconReceipt,
  IconUsers,
} from '@tabler/icons-react';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import type { HistoryTopic } from '#contract/history';
import type { Workplace } from '#contract/workplaces';
import { hasCode } from '../../api/errors.ts';
import { ask, askPages } from '../../api/queries.ts';
import { History, HistoryTopics } from '../../ui/history.tsx';
import { TextLink } from '../../ui/links.tsx';
import { Loading } from '../../ui/loading.tsx';
import { Page } from '../../ui/page.tsx';
import { ProblemAlert } from '../../ui/problem.tsx';
import { StateBadge } from '../../ui/state-badge.tsx';
import { standingLooks } from '../../ui/states.ts';
import { paths } from '../../util/paths.ts';
import { WORKPLACE_TABS } from '../../util/search.ts';
import { DriftCard } from '../sync/DriftCard.tsx';
import { WorkplaceActions } from './WorkplaceActions.tsx';
import { WorkplaceDetailsTab } from './WorkplaceDetailsTab.tsx';
import { WorkplaceLearnersTab } from './WorkplaceLearnersTab.tsx';
import { WorkplaceInvoicesTab, WorkplaceStatementTab } from './WorkplacePapers.tsx';
import { WorkplaceSyncCard } from './WorkplaceSyncCard.tsx';

/** One workplace: who it is, where it stands towards Xero, its learners, papers and history. */
export function WorkplacePage() {
  const { workplaceId } = useParams({ from: '/app/workplaces/$workplaceId' });
  const workplace = useQuery(ask('getWorkplace', { params: { workplaceId } }));
  if (workplace.data) return <Profile key={workplaceId} workplace={workplace.data} />;
  const isGone =
    hasCode(workplace.error, 'request.not-found') || hasCode(workplace.error, 'request.invalid');
  return (
    <Page
      title={isGone ? 'This workplace is not here' : 'Workplace'}
      above={<BackToList />}
      width={960}
    >
      {workplace.error ? (
        <ProblemAlert
          error={workplace.error}
          {...(isGone ? {} : { retry: () => workplace.refetch() })}
        />
      ) : (
        <Loading />
      )}
    </Page>
  );
}

function BackToList() {
  return (
    <TextLink {...paths.workplaces} size="sm">
      Workplaces
    </TextLink>
  );
}

function Profile({ workplace }: { workplace: Workplace }) {
  return (
    <Page
      title={workplace.name ?? workplace.workplaceNumber}
      above={<BackToList />}
      beside={<SyncBadge workplaceId={workplace.id} />}
      lead={
        <>
          <span className="figures">{workplace.workplaceNumber}</span>
          {workplace.legalName && <> · {workplace.legalName}</>}
          {!workplace.isActive && (
            <Text span fw={600}>
              {' '}
              · Inactive
            </Text>
          )}
        </>
      }
      actions={<WorkplaceActions workplace={workplace} />}
    >
      <WorkplaceSyncCard workplace={workplace} />
      <DriftCard partyId={workplace.id} />
      <ProfileTabs workplace={workplace} />
    </Page>
  );
}

/** Where it stands towards Xero, live, beside the name. */
function SyncBadge({ workplaceId }: { workplaceId: string }) {
  const { data } = useQuery(ask('workplaceSync', { params: { workplaceId } }));
  if (!data) return null;
  if (!data.syncToXero) return <StateBadge look={standingLooks.off} />;
  return data.link && <StateBadge look={standingLooks[data.link.standing]} />;
}

function ProfileTabs({ workplace }: { workplace: Workplace }) {
  const { tab = 'details' } = useSearch({ from: '/app/workplaces/$workplaceId' });
  const navigate = useNavigate();
  const open = (chosen: string | null) => {
    const next = WORKPLACE_TABS.find((known) => known === chosen) ?? 'details';
    void navigate({ ...paths.workplace(workplace.id), search: { tab: next }, replace: true });
  };
  const icon = { size: 16, 'aria-hidden': true };
  return (
    <Paper>
      <Tabs value={tab} onChange={open} keepMounted={false}>
        <Tabs.List px="xs">
          <Tabs.Tab value="details" leftSection={<IconBuildingFactory2 {...icon} />}>
            Details
          </Tabs.Tab>
          <Tabs.Tab value="learners" leftSection={<IconUsers {...icon} />}>
            Learners
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
          <WorkplaceDetailsTab workplace={workplace} />
        </Tabs.Panel>
        <Tabs.Panel value="learners">
          <WorkplaceLearnersTab workplaceId={workplace.id} />
        </Tabs.Panel>
        <Tabs.Panel value="invoices">
          <WorkplaceInvoicesTab workplace={workplace} />
        </Tabs.Panel>
        <Tabs.Panel value="statement">
          <WorkplaceStatementTab workplace={workplace} />
        </Tabs.Panel>
        <Tabs.Panel value="history" p="lg">
          <WorkplaceHistoryTab workplaceId={workplace.id} />
        </Tabs.Panel>
      </Tabs>
    </Paper>
  );
}

function WorkplaceHistoryTab({ workplaceId }: { workplaceId: string }) {
  const params = { workplaceId };
  const [topic, setTopic] = useState<HistoryTopic>();
  const query = useInfiniteQuery(askPages('workplaceHistory', { params, query: { topic } }));
  return (
    <>
      <HistoryTopics topic={topic} onChange={setTopic} />
      <History query={query} />
    </>
  );
}
