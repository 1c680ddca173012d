import { Alert, List } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useState } from 'react';
import { displayName, type Learner, syncGaps } from '#contract/learners';
import { useAction } from '../../api/actions.ts';
import { useMay } from '../../api/session.ts';
import { toastDone } from '../../stores/toast.tsx';
import { GuardedSwitch } from '../../ui/guarded-switch.tsx';
import { TextLink } from '../../ui/links.tsx';
import { paths } from '../../util/paths.ts';

/** Sync to Xero for one learner; when something is missing, it is named right here. */
export function LearnerSyncSwitch({ learner }: { learner: Learner }) {
  const may = useMay('learners.sync');
  const [isTold, setTold] = useState(false);
  const gaps = syncGaps(learner);
  const params = { learnerId: learner.id };
  const set = useAction('setLearnerSync', {
    onDone: (saved) =>
      toastDone(
        `Sync to Xero is ${saved.syncToXero ? 'on' : 'off'} for ${displayName(saved)}.`,
        () => set.mutate({ params, body: { syncToXero: !saved.syncToXero } }),
      ),
  });
  const change = (syncToXero: boolean) => {
    const isBarred = syncToXero && gaps.length > 0;
    setTold(isBarred);
    if (!isBarred) set.mutate({ params, body: { syncToXero } });
  };
  // While the server answers, the switch already stands where it was put.
  const shown = set.isPending ? set.variables.body.syncToXero : learner.syncToXero;
  return (
    <>
      <GuardedSwitch
        label="Sync to Xero"
        checked={shown}
        onChange={change}
        reason={may.reason}
        description="Keeps a contact for this learner in Xero and brings their invoices here."
      />
      {isTold && gaps.length > 0 && !learner.syncToXero && (
        <Alert
          role="alert"
          color="amber"
          icon={<IconAlertTriangle aria-hidden />}
          title="This learner can’t be put into Xero yet"
        >
          <List size="sm" mb="xs">
            {gaps.map((gap) => (
              <List.Item key={gap.field}>{gap.message}</List.Item>
            ))}
          </List>
          <TextLink {...paths.editLearner(learner.id)} size="sm">
            Fill in what is missing
          </TextLink>
        </Alert>
      )}
    </>
  );
}
