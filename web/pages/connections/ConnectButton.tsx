import { IconPlug } from '@tabler/icons-react';
import type { CatalogueApp } from '#contract/connections';
import { useAction } from '../../api/actions.ts';
import { GuardedButton } from '../../ui/guarded-button.tsx';

interface ConnectButtonProps {
  app: CatalogueApp;
  reason: string | null;
  label?: string;
  /** Beside the organisations that are connected already. */
  another?: boolean;
}

/** Begins a consent and takes the whole window to Xero; pop-ups get lost. */
export function ConnectButton({ app, reason, label, another = false }: ConnectButtonProps) {
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
