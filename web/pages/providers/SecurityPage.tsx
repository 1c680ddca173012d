import { Alert, Stack } from '@mantine/core';
import { IconShieldCheck, IconShieldLock } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useSearch } from '@tanstack/react-router';
import { permissions, roleMay } from '#contract/permissions';
import { SECOND_FACTOR_FOR, type Security } from '#contract/sign-in';
import { ask } from '../../api/queries.ts';
import { useMe } from '../../api/session.ts';
import { Loading } from '../../ui/loading.tsx';
import { Page } from '../../ui/page.tsx';
import { ProblemAlert } from '../../ui/problem.tsx';
import { AuthenticatorCard } from './AuthenticatorCard.tsx';
import { PasskeysCard } from './PasskeysCard.tsx';
import { PasswordCard } from './PasswordCard.tsx';
import { SessionsCard } from './SessionsCard.tsx';
import { XeroOutcome } from './XeroOutcome.tsx';
import { XeroSignInCard } from './XeroSignInCard.tsx';

/** How one signs in, and what else proves that it is really them. */
export function SecurityPage() {
  const { xero } = useSearch({ from: '/app/settings/security' });
  const security = useQuery(ask('security'));
  return (
    <Page title="Security" lead="How you sign in, and what proves that it is you." width={760}>
      {xero && <XeroOutcome outcome={xero} />}
      {security.error && !security.data && (
        <ProblemAlert error={security.error} retry={() => security.refetch()} />
      )}
      {security.isPending && <Loading rows={6} />}
      {security.data && (
        <Stack gap="lg">
          <PolicyNote security={security.data} />
          <AuthenticatorCard security={security.data} />
          <PasskeysCard security={security.data} />
          <PasswordCard security={security.data} />
          {(security.data.xero.isOffered || security.data.xero.isTied) && (
            <XeroSignInCard security={security.data} />
          )}
          <SessionsCard security={security.data} />
        </Stack>
      )}
    </Page>
  );
}

/** Whether a second factor is needed here, for what, and whether this sign-in has one. */
function PolicyNote({ security }: { security: Security }) {
  const me = useMe();
  const concerns = SECOND_FACTOR_FOR.filter((permission) => roleMay(me.role, permission));
  if (security.isStrong) {
    return (
      <Alert
        color="moss"
        icon={<IconShieldCheck aria-hidden />}
        title="Signed in with a second factor"
      >
        Everything that your role allows is open to you.
      </Alert>
    );
  }
  if (security.policy === 'optional' || concerns.length === 0) {
    return (
      <Alert
        color="gray"
        icon={<IconShieldLock aria-hidden />}
        title="A second factor is optional here"
      >
        {me.provider.name} does not ask you for one. With one, a stolen password alone opens
        nothing.
      </Alert>
    );
  }
  const acts = concerns.map((permission) => permissions[permission].allows);
  const has = security.authenticator.isOn || security.passkeys.length > 0;
  return (
    <Alert color="amber" icon={<IconShieldLock aria-hidden />} title="A second factor is required">
      To {acts.join(', or to ')} you sign in with one.{' '}
      {has
        ? 'You have one: sign out, and sign in again with it.'
        : 'Set up an authenticator app or a passkey below; it counts at once.'}
    </Alert>
  );
}
