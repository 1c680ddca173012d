import { Button } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useAction } from '../../api/actions.ts';
import { toastDone } from '../../stores/toast.tsx';
import { paths } from '../../util/paths.ts';

interface GiveUpProps {
  connectionId: string;
  joinsOthers: boolean;
}

/** The two ways out of the question: back to Xero for another one, or not at all. */
export function GiveUpChoice({ connectionId, joinsOthers }: GiveUpProps) {
  const navigate = useNavigate();
  const again = useAction('beginConsent', {
    onDone: ({ authorizeUrl }) => {
      if (authorizeUrl) window.location.assign(authorizeUrl);
    },
  });
  const cancel = useAction('disconnect', {
    onDone: () => {
      toastDone('Nothing was connected, and what you allowed is removed at Xero.');
      void navigate(paths.connectedApps);
    },
  });
  return (
    <>
      <Button
        variant="default"
        loading={again.isPending || again.isSuccess}
        onClick={() => again.mutate({ body: { app: 'xero', another: joinsOthers } })}
      >
        Choose another
      </Button>
      <Button
        variant="subtle"
        loading={cancel.isPending}
        onClick={() => cancel.mutate({ params: { connectionId } })}
      >
        Cancel
      </Button>
    </>
  );
}
