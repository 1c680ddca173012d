import { Text, Timeline } from '@mantine/core';
import { IconHistory } from '@tabler/icons-react';
import type { HistoryEntry } from '#contract/learners';
import { Paged } from '../table/paged.tsx';
import { momentText } from '../util/dates.ts';
import { Changes } from './changes.tsx';
import { Empty } from './empty.tsx';

interface HistoryProps {
  query: Parameters<typeof Paged<HistoryEntry>>[0]['query'];
}

/** What happened and who did it, newest first. */
export function History({ query }: HistoryProps) {
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
