import { Group, Paper, Text } from '@mantine/core';
import { IconCircleCheck } from '@tabler/icons-react';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { type InboxEntry, type ProblemCode, problemTexts } from '#contract/inbox';
import { useAction } from '../../api/actions.ts';
import { useMay } from '../../api/may.ts';
import { ask, askPages } from '../../api/queries.ts';
import { SearchBox } from '../../table/filters.tsx';
import { Paged } from '../../table/paged.tsx';
import { type Column, Table } from '../../table/table.tsx';
import { Empty } from '../../ui/empty.tsx';
import { GuardedButton } from '../../ui/guarded-button.tsx';
import { TextLink } from '../../ui/links.tsx';
import { Page } from '../../ui/page.tsx';
import { momentText } from '../../util/dates.ts';
import { paths } from '../../util/paths.ts';
import { Entry, Remedies } from './InboxProblemCard.tsx';

/** All that one cause concerns, however many: found by name, retried or put aside one by one. */
export function ProblemPage() {
  const { key } = useParams({ from: '/app/sync/problems/$key' });
  const [search, setSearch] = useState<string>();
  const inbox = useQuery(ask('syncInbox'));
  const query = useInfiniteQuery(
    askPages('listProblemEntries', { query: { key, ...(search ? { search } : {}) } }),
  );
  const problem = inbox.data?.problems.find((one) => one.key === key);
  const text = problemTexts[codeOf(key)];
  return (
    <Page
      title={text?.title ?? 'Problem'}
      above={
        <TextLink {...paths.syncInbox} size="sm">
          Sync
        </TextLink>
      }
      lead={text?.words}
      actions={problem && <Remedies problem={problem} />}
      width={960}
    >
      <Group>
        <SearchBox search={search} placeholder="Name, number or reason" onChange={setSearch} />
      </Group>
      <Paper>
        <Paged query={query} noun="entries" empty={<Nobody isSearched={search !== undefined} />}>
          {(items: InboxEntry[]) => (
            <Table
              label="Whom it concerns"
              columns={columnsOf(key)}
              rows={items}
              keyOf={(entry) => `${entry.subjectId} ${entry.xeroOrgId}`}
            />
          )}
        </Paged>
      </Paper>
    </Page>
  );
}

/** A key is its code, and a hash where causes differ by Xero's words. */
function codeOf(key: string): ProblemCode {
  return key.split(':')[0] as ProblemCode;
}

function Nobody({ isSearched }: { isSearched: boolean }) {
  return isSearched ? (
    <Empty
      icon={IconCircleCheck}
      title="Nobody of that name"
      text="This problem concerns nobody and nothing that is called so."
    />
  ) : (
    <Empty
      icon={IconCircleCheck}
      title="This is over"
      text="The cause is gone; nobody is concerned any more."
    />
  );
}

function columnsOf(key: string): Column<InboxEntry>[] {
  return [
    {
      head: 'Whom it concerns',
      cell: (entry) => (
        <div>
          <Entry entry={entry} code={codeOf(key)} />
        </div>
      ),
    },
    {
      head: 'Since',
      cell: (entry) => (
        <Text size="sm" className="figures">
          {entry.since ? momentText(entry.since) : ''}
        </Text>
      ),
      isMinor: true,
    },
    {
      head: 'Acts',
      align: 'right',
      cell: (entry) => <EntryActs problemKey={key} entry={entry} />,
    },
  ];
}

/** What can be done about one alone. */
function EntryActs({ problemKey, entry }: { problemKey: string; entry: InboxEntry }) {
  const may = useMay('learners.sync');
  const body = { key: problemKey, subjectIds: [entry.subjectId] };
  const ignore = useAction('ignoreProblem');
  const unignore = useAction('unignoreProblem');
  if (entry.ignored) {
    return (
      <GuardedButton
        size="compact-sm"
        variant="subtle"
        reason={may.reason}
        loading={unignore.isPending}
        aria-label={`Bring back ${entry.label}`}
        onClick={() => unignore.mutate({ body })}
      >
        Bring back
      </GuardedButton>
    );
  }
  return (
    <GuardedButton
      size="compact-sm"
      variant="subtle"
      reason={may.reason}
      loading={ignore.isPending}
      aria-label={`Put aside ${entry.label}`}
      onClick={() => ignore.mutate({ body })}
    >
      Put aside
    </GuardedButton>
  );
}
