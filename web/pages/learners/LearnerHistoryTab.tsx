import { useInfiniteQuery } from '@tanstack/react-query';
import { askPages } from '../../api/queries.ts';
import { History } from '../../ui/history.tsx';

/** What happened to the learner and who did it, newest first. */
export function LearnerHistoryTab({ learnerId }: { learnerId: string }) {
  return (
    <History query={useInfiniteQuery(askPages('learnerHistory', { params: { learnerId } }))} />
  );
}
