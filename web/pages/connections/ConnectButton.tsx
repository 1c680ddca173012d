import { IconPlug } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import type { CatalogueApp } from '#contract/connections';
import { useAction } from '../../api/actions.ts';
import { GuardedButton } from '../../ui/guarded-button.tsx';
import { paths } from '../../util/paths.ts';

interface ConnectButtonProps {
  app: CatalogueApp;
  reason: string | null;
  label?: string;
  /** Beside the organisations that are connected already. */
  another?: boolean;
}

/** The way to connect an app: to its own page, or by a consent at its maker's. */
export function ConnectButton(props: ConnectButtonProps) {
  return props.app.key === 'webhooks' ? <SetUpButton {...props} /> : <ConsentButton {...props} />;
}

/** Nobody has to allow it elsewhere: everything is done on a page of ours. */
function SetUpButton({ app, reason, label }: ConnectButtonProps) {
  const navigate = useNavigate();
  return (
    <GuardedButton reason={reason} onClick={() => navigate(paths.webhooks)}>
      {label ?? `Set up ${app.name}`}
    </GuardedButton>
  );
}

/** Begins a consent and takes the whole window to Xero; pop-ups get lost. */
function ConsentButton({ app, reason, label, another = false }: ConnectButtonProps) {
  const begin = useAction('beginConsent', {
    onDone: ({ authorizeUrl, startUrl }) => {
      const address = authorizeUrl ?? startUrl;
      if (address) window.location.assign(address);
    },
  });
  return (
    <GuardedButton
      reason={reason}
      loading={begin.isPending || begin.isSuccess}
      leftSection={<IconPlug size={16} aria-hidden />}
      onClick={() => begin.mutate({ body: { app: 'xero', another } })}
    >
      {label ?? `Connect ${app.name}`}
    </GuardedButton>
  );
}
