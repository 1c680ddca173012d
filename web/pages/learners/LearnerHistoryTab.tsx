import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { HistoryTopic } from '#contract/history';
import { askPages } from '../../api/queries.ts';
import { History, HistoryTopics } from '../../ui/history.tsx';

/** What happened to the learner and who did it, newest first. */
export function LearnerHistoryTab({ learnerId }: { learnerId: string }) {
  const [topic, setTopic] = useState<HistoryTopic>();
  const query = useInfiniteQuery(
    askPages('learnerHistory', { params: { learnerId }, query: { topic } }),
  );
  return (
    <>
      <HistoryTopics topic={topic} onChange={setTopic} />
      <History query={query} />
    </>
  );
}
