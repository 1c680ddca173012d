import { displayName, type Learner, syncGaps } from '#contract/learners';
import { useAction } from '../../api/actions.ts';
import { useMay } from '../../api/may.ts';
import { toastDone } from '../../stores/toast.ts';
import { TextLink } from '../../ui/links.tsx';
import { paths } from '../../util/paths.ts';
import { SyncSwitch } from '../sync/SyncSwitch.tsx';

/** Sync to Xero for one learner. */
export function LearnerSyncSwitch({ learner }: { learner: Learner }) {
  const may = useMay('learners.sync');
  const params = { learnerId: learner.id };
  const set = useAction('setLearnerSync', {
    onDone: (saved) =>
      toastDone(
        `Sync to Xero is ${saved.syncToXero ? 'on' : 'off'} for ${displayName(saved)}.`,
        () => set.mutate({ params, body: { syncToXero: !saved.syncToXero } }),
      ),
  });
  return (
    <SyncSwitch
      who="learner"
      // While the server answers, the switch already stands where it was put.
      isOn={set.isPending ? set.variables.body.syncToXero : learner.syncToXero}
      gaps={syncGaps(learner)}
      reason={may.reason}
      change={(syncToXero) => set.mutate({ params, body: { syncToXero } })}
      fix={
        <TextLink {...paths.editLearner(learner.id)} size="sm">
          Fill in what is missing
        </TextLink>
      }
    />
  );
}
