import { Button } from '@mantine/core';
import { IconCircleMinus, IconLink } from '@tabler/icons-react';
import type { Security } from '#contract/sign-in';
import { useAction } from '../../api/actions.ts';
import { toastDone } from '../../stores/toast.ts';
import { GuardedButton } from '../../ui/guarded-button.tsx';
import { StateBadge } from '../../ui/state-badge.tsx';
import { SecurityCard } from './SecurityCard.tsx';

const tiedLook = { word: 'Tied', colour: 'moss', icon: IconLink } as const;
const untiedLook = { word: 'Not tied', colour: 'gray', icon: IconCircleMinus } as const;

/** Ties one's sign-in at Xero to one's account here; nothing of any organisation is read. */
export function XeroSignInCard({ security }: { security: Security }) {
  const { isTied, isOffered } = security.xero;
  const tie = useAction('beginXeroTie', {
    onDone: ({ authorizeUrl }) => window.location.assign(authorizeUrl),
  });
  const untie = useAction('untieXero', { onDone: () => toastDone('Xero is untied.') });
  const last = security.hasPassword ? null : 'Set a password first: else you could not sign in.';
  return (
    <SecurityCard
      title="Sign in with Xero"
      text="Sign in here as who you are at Xero. Only your name and e-mail are read, no organisation’s data."
      beside={<StateBadge look={isTied ? tiedLook : untiedLook} />}
      actions={
        isTied ? (
          <GuardedButton
            reason={last}
            variant="outline"
            color="brick"
            loading={untie.isPending}
            onClick={() => untie.mutate({})}
          >
            Untie Xero
          </GuardedButton>
        ) : (
          isOffered && (
            <Button
              variant="default"
              loading={tie.isPending || tie.isSuccess}
              onClick={() => tie.mutate({})}
            >
              Tie Xero
            </Button>
          )
        )
      }
    />
  );
}
