import { Button, Group, PasswordInput, Stack, Text } from '@mantine/core';
import { IconCircleMinus, IconLink } from '@tabler/icons-react';
import { useState } from 'react';
import type { Security } from '#contract/sign-in';
import { useAction } from '../../api/actions.ts';
import { toastDone } from '../../stores/toast.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { GuardedButton } from '../../ui/guarded-button.tsx';
import { ProblemAlert } from '../../ui/problem.tsx';
import { StateBadge } from '../../ui/state-badge.tsx';
import { SecurityCard } from './SecurityCard.tsx';

const tiedLook = { word: 'Tied', colour: 'moss', icon: IconLink } as const;
const untiedLook = { word: 'Not tied', colour: 'gray', icon: IconCircleMinus } as const;

/** Ties one's sign-in at Xero to one's account here; nothing of any organisation is read. */
export function XeroSignInCard({ security }: { security: Security }) {
  const [isTying, setTying] = useState(false);
  const { isTied, isOffered } = security.xero;
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
            <Button variant="default" onClick={() => setTying(true)}>
              Tie Xero
            </Button>
          )
        )
      }
    >
      {isTying && <TieXero hasPassword={security.hasPassword} close={() => setTying(false)} />}
    </SecurityCard>
  );
}

/** Asks for the password before another way in is opened, then goes to Xero. */
function TieXero({ hasPassword, close }: { hasPassword: boolean; close: () => void }) {
  const [password, setPassword] = useState('');
  const tie = useAction('beginXeroTie', {
    failure: 'inline',
    onDone: ({ authorizeUrl }) => window.location.assign(authorizeUrl),
  });
  return (
    <Dialog isOpen onClose={close} title="Tie Xero">
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          tie.mutate({ body: hasPassword ? { password } : {} });
        }}
      >
        <Stack>
          <Text>Whoever signs in at Xero as you comes in here as you from then on.</Text>
          {tie.error && <ProblemAlert error={tie.error} takesFocus />}
          {hasPassword && (
            <PasswordInput
              label="Your password"
              autoComplete="current-password"
              data-autofocus
              value={password}
              onChange={(event) => setPassword(event.currentTarget.value)}
              visibilityToggleButtonProps={{ 'aria-label': 'Show or hide the password' }}
            />
          )}
          <Group justify="flex-end">
            <Button type="submit" loading={tie.isPending || tie.isSuccess}>
              Continue to Xero
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  );
}
