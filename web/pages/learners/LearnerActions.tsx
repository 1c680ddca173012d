import { IconArchive, IconArchiveOff, IconArrowMerge, IconPencil } from '@tabler/icons-react';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { displayName, type Learner } from '#contract/learners';
import { useAction } from '../../api/actions.ts';
import { useMay } from '../../api/may.ts';
import { toastDone } from '../../stores/toast.ts';
import { GuardedButton } from '../../ui/guarded-button.tsx';
import { paths } from '../../util/paths.ts';
import { MergeLearner } from './MergeLearner.tsx';

/** Edit, and make inactive or active again; the latter at once, with Undo. */
export function LearnerActions({ learner }: { learner: Learner }) {
  const navigate = useNavigate();
  const { reason } = useMay('learners.edit');
  const setActive = useAction('editLearner', {
    onDone: (saved) => {
      const word = saved.isActive ? 'active' : 'inactive';
      toastDone(`${displayName(saved)} is ${word} now.`, () =>
        takeBack.mutate({
          params: { learnerId: saved.id },
          body: { isActive: !saved.isActive, revision: saved.revision },
        }),
      );
    },
  });
  const takeBack = useAction('editLearner', {
    onDone: (saved) =>
      toastDone(`Undone: ${displayName(saved)} is ${saved.isActive ? 'active' : 'inactive'}.`),
  });
  const { act } = useSearch({ from: '/app/learners/$learnerId' });
  const mayMerge = useMay('learners.merge');
  const [isOpen, setIsMerging] = useState<boolean | null>(null);
  const isMerging = isOpen ?? (act === 'merge' && mayMerge.allowed);
  const Icon = learner.isActive ? IconArchive : IconArchiveOff;
  return (
    <>
      {isMerging && <MergeLearner learner={learner} onClose={() => setIsMerging(false)} />}
      <GuardedButton
        variant="default"
        reason={mayMerge.reason}
        leftSection={<IconArrowMerge size={16} aria-hidden />}
        onClick={() => setIsMerging(true)}
      >
        Merge
      </GuardedButton>
      <GuardedButton
        variant="default"
        reason={reason}
        leftSection={<Icon size={16} aria-hidden />}
        loading={setActive.isPending}
        onClick={() =>
          setActive.mutate({
            params: { learnerId: learner.id },
            body: { isActive: !learner.isActive, revision: learner.revision },
          })
        }
      >
        {learner.isActive ? 'Make inactive' : 'Make active'}
      </GuardedButton>
      <GuardedButton
        reason={reason}
        leftSection={<IconPencil size={16} aria-hidden />}
        onClick={() => navigate(paths.editLearner(learner.id))}
      >
        Edit learner
      </GuardedButton>
    </>
  );
}
