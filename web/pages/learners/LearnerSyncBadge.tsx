import { useQuery } from '@tanstack/react-query';
import { ask } from '../../api/queries.ts';
import { StateBadge } from '../../ui/state-badge.tsx';
import { standingLooks } from '../../ui/states.ts';

/** Where a learner stands towards Xero, live, beside the name. */
export function LearnerSyncBadge({ learnerId }: { learnerId: string }) {
  const { data } = useQuery(ask('learnerSync', { params: { learnerId } }));
  if (!data) return null;
  if (!data.syncToXero) return <StateBadge look={standingLooks.off} />;
  return data.link && <StateBadge look={standingLooks[data.link.standing]} />;
}
