import { IconArchive, IconArchiveOff, IconPencil } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import type { Workplace } from '#contract/workplaces';
import { useAction } from '../../api/actions.ts';
import { useMay } from '../../api/may.ts';
import { toastDone } from '../../stores/toast.ts';
import { GuardedButton } from '../../ui/guarded-button.tsx';
import { paths } from '../../util/paths.ts';

/** Edit, and make inactive or active again; the latter at once, with Undo. */
export function WorkplaceActions({ workplace }: { workplace: Workplace }) {
  const navigate = useNavigate();
  const { reason } = useMay('workplaces.edit');
  const turn = (of: Workplace) => ({
    params: { workplaceId: of.id },
    body: { isActive: !of.isActive, revision: of.revision },
  });
  const setActive = useAction('editWorkplace', {
    onDone: (saved) =>
      toastDone(`${saved.name} is ${saved.isActive ? 'active' : 'inactive'} now.`, () =>
        takeBack.mutate(turn(saved)),
      ),
  });
  const takeBack = useAction('editWorkplace', {
    onDone: (saved) =>
      toastDone(`Undone: ${saved.name} is ${saved.isActive ? 'active' : 'inactive'}.`),
  });
  const Icon = workplace.isActive ? IconArchive : IconArchiveOff;
  return (
    <>
      <GuardedButton
        variant="default"
        reason={reason}
        leftSection={<Icon size={16} aria-hidden />}
        loading={setActive.isPending}
        onClick={() => setActive.mutate(turn(workplace))}
      >
        {workplace.isActive ? 'Make inactive' : 'Make active'}
      </GuardedButton>
      <GuardedButton
        reason={reason}
        leftSection={<IconPencil size={16} aria-hidden />}
        onClick={() => navigate(paths.editWorkplace(workplace.id))}
      >
        Edit workplace
      </GuardedButton>
    </>
  );
}
