import { Button } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import type { ImportRun } from '#contract/imports';
import { useAction } from '../../api/actions.ts';
import { toastDone } from '../../stores/toast.ts';
import { paths } from '../../util/paths.ts';

/** Throws away an import that was not carried out; the files can be chosen again. */
export function DiscardImport({ run }: { run: ImportRun }) {
  const navigate = useNavigate();
  const discard = useAction('discardImport', {
    onDone: () => {
      toastDone('The import is discarded; nothing was changed.');
      void navigate(paths.imports);
    },
  });
  return (
    <Button
      variant="default"
      loading={discard.isPending}
      onClick={() => discard.mutate({ params: { importId: run.id } })}
    >
      Discard
    </Button>
  );
}
