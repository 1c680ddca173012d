import { Text, Timeline } from '@mantine/core';
import { IconHistory } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import type { HistoryEntry } from '#contract/learners';
import { askPages } from '../../api/queries.ts';
import { Paged } from '../../table/paged.tsx';
import { Changes } from '../../ui/changes.tsx';
import { Empty } from '../../ui/empty.tsx';
import { momentText } from '../../util/dates.ts';

/** What happened to the learner and who did it, newest first. */
export function LearnerHistoryTab({ learnerId }: { learnerId: string }) {
  const query = useInfiniteQuery(askPages('learnerHistory', { params: { learnerId } }));
  return (
    <Paged
      query={query}
      noun="entries"
      empty={
        <Empty
          icon={IconHistory}
          title="Nothing has happened yet"
          text="Every change, here or from Xero, is written down as it happens."
        />
      }
    >
      {(entries: HistoryEntry[]) => (
        <Timeline bulletSize={12} lineWidth={2} active={entries.length}>
          {entries.map((entry) => (
            <Timeline.Item key={entry.id} title={entry.summary}>
              <Text size="sm" c="dimmed">
                {momentText(entry.at)} · {entry.actor}
              </Text>
              <Changes changes={entry.details} />
            </Timeline.Item>
          ))}
        </Timeline>
      )}
    </Paged>
  );
}
