import { IconPlayerPause, IconPlayerPlay, IconStethoscope } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { type ConnectionTest, connectionMay } from '#contract/connection-life';
import type { CatalogueApp, Connection } from '#contract/connections';
import { useAction } from '../../api/actions.ts';
import { useMay } from '../../api/may.ts';
import { toastDone } from '../../stores/toast.ts';
import { GuardedButton } from '../../ui/guarded-button.tsx';
import { paths } from '../../util/paths.ts';
import { ConnectButton } from './ConnectButton.tsx';
import { DisconnectButton } from './DisconnectButton.tsx';

interface ConnectionActionsProps {
  app: CatalogueApp;
  connection: Connection;
  /** What the last test found; null while one is under way. */
  onTested: (found: ConnectionTest | null) => void;
}

/** What may be done with a connection as it stands now. */
export function ConnectionActions({ app, connection, onTested }: ConnectionActionsProps) {
  const { reason } = useMay('connections.manage');
  const navigate = useNavigate();
  const params = { connectionId: connection.id };
  const test = useAction('testConnection', { onDone: onTested });
  const resume = useAction('resumeConnection', {
    onDone: () => toastDone(`${app.name} goes on and catches up.`),
  });
  const pause = useAction('pauseConnection', {
    onDone: () =>
      toastDone(`${app.name} is paused. What waits is kept.`, () => resume.mutate({ params })),
  });
  const can = (act: Parameters<typeof connectionMay>[1]) => connectionMay(connection.state, act);
  return (
    <>
      {can('reconnect') && (
        <ConnectButton app={app} reason={reason} label={`Reconnect ${app.name}`} />
      )}
      {can('resume') && (
        <GuardedButton
          reason={reason}
          loading={resume.isPending}
          leftSection={<IconPlayerPlay size={16} aria-hidden />}
          onClick={() => resume.mutate({ params })}
        >
          Resume
        </GuardedButton>
      )}
      {can('test') && (
        <GuardedButton
          variant="outline"
          reason={reason}
          loading={test.isPending}
          leftSection={<IconStethoscope size={16} aria-hidden />}
          onClick={() => {
            onTested(null);
            test.mutate({ params });
          }}
        >
          Test now
        </GuardedButton>
      )}
      {can('pause') && (
        <GuardedButton
          variant="outline"
          reason={reason}
          loading={pause.isPending}
          leftSection={<IconPlayerPause size={16} aria-hidden />}
          onClick={() => pause.mutate({ params })}
        >
          Pause
        </GuardedButton>
      )}
      {can('disconnect') && (
        <DisconnectButton
          appName={app.name}
          connection={connection}
          reason={reason}
          onDone={() => navigate(paths.connectedApps)}
        />
      )}
    </>
  );
}
