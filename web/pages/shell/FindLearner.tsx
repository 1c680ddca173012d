import { useNavigate } from '@tanstack/react-router';
import { Dialog } from '../../ui/dialog.tsx';
import { paths } from '../../util/paths.ts';
import { LearnerFinder } from '../learners/LearnerFinder.tsx';

/** Finds a learner from anywhere: type a few letters, press Enter. */
export function FindLearner({ onClose }: { onClose: () => void }) {
  const navigate = useNavigate();
  const go = (learnerId: string) => {
    onClose();
    void navigate(paths.learner(learnerId));
  };
  return (
    <Dialog isOpen onClose={onClose} title="Find a learner" size="lg" isHigh>
      <LearnerFinder onPick={go} onClose={onClose} />
    </Dialog>
  );
}
