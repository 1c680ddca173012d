import { SegmentedControl, Text, Timeline } from '@mantine/core';
import { IconHistory } from '@tabler/icons-react';
import { HISTORY_TOPICS, type HistoryEntry, type HistoryTopic } from '#contract/history';
import { useMay } from '../api/may.ts';
import { Paged } from '../table/paged.tsx';
import { datesInWords, momentText } from '../util/dates.ts';
import { Changes } from './changes.tsx';
import { Empty } from './empty.tsx';

interface HistoryProps {
  query: Parameters<typeof Paged<HistoryEntry>>[0]['query'];
}

const topicNames: Record<HistoryTopic, string> = {
  details: 'Details',
  contact: 'Contact',
  papers: 'Invoices',
};
const EVERYTHING = 'everything';

interface TopicsProps {
  topic: HistoryTopic | undefined;
  onChange: (topic: HistoryTopic | undefined) => void;
}

/** Narrows a history down to one topic; papers are none for those who may not see them. */
export function HistoryTopics({ topic, onChange }: TopicsProps) {
  const maySeePapers = useMay('documents.view').allowed;
  const topics = HISTORY_TOPICS.filter((one) => one !== 'papers' || maySeePapers);
  return (
    <SegmentedControl
      aria-label="What the history tells of"
      mb="md"
      value={topic ?? EVERYTHING}
      onChange={(chosen) => onChange(HISTORY_TOPICS.find((topic) => topic === chosen))}
      data={[
        { value: EVERYTHING, label: 'All' },
        ...topics.map((value) => ({ value, label: topicNames[value] })),
      ]}
    />
  );
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
          title="Nothing to tell here yet"
          text="Every change, here or from Xero, is written down as it happens."
        />
      }
    >
      {(entries: HistoryEntry[]) => (
        <Timeline bulletSize={12} lineWidth={2} active={entries.length}>
          {entries.map((entry) => (
            <Timeline.Item key={entry.id} title={datesInWords(entry.summary)}>
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
