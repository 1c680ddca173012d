import { Button, Paper } from '@mantine/core';
import { IconLifebuoy } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { SupportRequest } from '#contract/support';
import { askPages } from '../../api/queries.ts';
import { OpenSupportRequest } from '../../forms/open-support-request.tsx';
import { Paged } from '../../table/paged.tsx';
import { type Column, Table } from '../../table/table.tsx';
import { Empty } from '../../ui/empty.tsx';
import { TextLink } from '../../ui/links.tsx';
import { supportLooks } from '../../ui/operate-states.ts';
import { Page } from '../../ui/page.tsx';
import { StateBadge } from '../../ui/state-badge.tsx';
import { momentText } from '../../util/dates.ts';
import { paths } from '../../util/paths.ts';

const columns: Column<SupportRequest>[] = [
  {
    head: 'Subject',
    cell: ({ id, subject }) => <TextLink {...paths.supportRequest(id)}>{subject}</TextLink>,
  },
  { head: 'State', cell: ({ state }) => <StateBadge look={supportLooks[state]} /> },
  { head: 'Asked by', cell: ({ askedBy }) => askedBy },
  {
    head: 'Last change',
    cell: ({ changedAt }) => <span className="figures">{momentText(changedAt)}</span>,
  },
  {
    head: 'Messages',
    align: 'right',
    cell: ({ messageCount }) => <span className="figures">{messageCount}</span>,
  },
];

/** What this provider asked the people who run Bursar, and the way to ask more. */
export function SupportPage() {
  const [isAsking, setAsking] = useState(false);
  const query = useInfiniteQuery(askPages('listSupportRequests'));
  const askButton = <Button onClick={() => setAsking(true)}>Ask for help</Button>;
  return (
    <Page
      title="Support"
      lead="What you have asked the people who run this Bursar. Everyone who works here can read it and write on it."
      actions={askButton}
    >
      <Paper>
        <Paged
          query={query}
          noun="requests"
          empty={
            <Empty
              icon={IconLifebuoy}
              title="Nothing asked yet"
              text="When something is missing or does not work, ask here. The answer comes by e-mail and stands here too."
            />
          }
        >
          {(requests: SupportRequest[]) => (
            <Table label="Support" columns={columns} rows={requests} keyOf={({ id }) => id} />
          )}
        </Paged>
      </Paper>
      <OpenSupportRequest
        isOpen={isAsking}
        close={() => setAsking(false)}
        wish={{ subject: '', text: '', app: null }}
      />
    </Page>
  );
}
