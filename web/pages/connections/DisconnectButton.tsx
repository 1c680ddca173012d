import type { Connection } from '#contract/connections';
import { useAction } from '../../api/actions.ts';
import { confirm } from '../../stores/confirm.ts';
import { toastDone } from '../../stores/toast.ts';
import { GuardedButton } from '../../ui/guarded-button.tsx';

interface DisconnectButtonProps {
  appName: string;
  connection: Connection;
  reason: string | null;
  onDone?: () => void;
}

/** Ends a connection, after naming what is lost by it. */
export function DisconnectButton({ appName, connection, reason, onDone }: DisconnectButtonProps) {
  const end = useAction('disconnect', {
    onDone: () => {
      toastDone(`${appName} is disconnected.`);
      onDone?.();
    },
  });
  const name = connection.organisation?.name ?? appName;
  const ask = () =>
    confirm({
      title: `Disconnect ${name}?`,
      text: `Nothing more is sent to ${appName} or read from it, and Bursar’s access ends at once. What is in ${appName} stays there; the invoices shown here stay as they are now. To connect again, someone has to allow it in ${appName} anew.`,
      yes: `Disconnect ${appName}`,
      onYes: () => end.mutate({ params: { connectionId: connection.id } }),
    });
  return (
    <GuardedButton
      variant="outline"
      color="brick"
      reason={reason}
      loading={end.isPending}
      onClick={ask}
    >
      Disconnect
    </GuardedButton>
  );
}
