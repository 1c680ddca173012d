import { useQuery } from '@tanstack/react-query';
import { useAction } from '../../api/actions.ts';
import { useMay } from '../../api/may.ts';
import { ask } from '../../api/queries.ts';
import { MatchPicker } from './MatchPicker.tsx';

/** Who an undecided learner is in Xero. */
export function LearnerMatchPicker(props: { learnerId: string; learnerName: string }) {
  const params = { learnerId: props.learnerId };
  const may = useMay('learners.sync');
  const match = useQuery({ ...ask('learnerMatch', { params }), enabled: may.allowed });
  const decide = useAction('decideLearnerMatch');
  return (
    <MatchPicker
      who="learner"
      name={props.learnerName}
      permission="learners.sync"
      match={match}
      isBusy={decide.isPending}
      decide={(body) => decide.mutate({ params, body })}
    />
  );
}
