import { Button } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useAction } from '../../api/actions.ts';
import { toastDone } from '../../stores/toast.ts';
import { GuardedButton } from '../../ui/guarded-button.tsx';
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
  return (
    <>
      <Button
        variant="default"
        loading={again.isPending || again.isSuccess}
        onClick={() => again.mutate({ body: { app: 'xero', another: joinsOthers } })}
      >
        Choose another
      </Button>
      <GiveUpButton
        connectionId={connectionId}
        reason={null}
        onDone={() => void navigate(paths.connectedApps)}
      />
    </>
  );
}

interface GiveUpButtonProps {
  connectionId: string;
  /** Why it is not theirs to do; null when it is. */
  reason: string | null;
  onDone?: () => void;
}

/** Lets go of what was allowed, here and at Xero. */
export function GiveUpButton({ connectionId, reason, onDone }: GiveUpButtonProps) {
  const cancel = useAction('disconnect', {
    onDone: () => {
      toastDone('Nothing was connected, and what you allowed is removed at Xero.');
      onDone?.();
    },
  });
  return (
    <GuardedButton
      variant="subtle"
      reason={reason}
      loading={cancel.isPending}
      onClick={() => cancel.mutate({ params: { connectionId } })}
    >
      Cancel
    </GuardedButton>
  );
}
