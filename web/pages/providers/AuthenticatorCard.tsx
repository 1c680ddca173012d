import { Button } from '@mantine/core';
import { IconCircleMinus, IconShieldCheck } from '@tabler/icons-react';
import { useState } from 'react';
import type { Security } from '#contract/sign-in';
import { useAction } from '../../api/actions.ts';
import { ProveWithCode } from '../../forms/prove-with-code.tsx';
import { RecoveryCodes } from '../../forms/recovery-codes.tsx';
import { SetUpAuthenticator } from '../../forms/set-up-authenticator.tsx';
import { toastDone } from '../../stores/toast.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { StateBadge } from '../../ui/state-badge.tsx';
import { SecurityCard } from './SecurityCard.tsx';

type Doing = 'set-up' | 'renew' | 'turn-off' | null;

/** The authenticator app with its recovery codes. */
export function AuthenticatorCard({ security }: { security: Security }) {
  const [doing, setDoing] = useState<Doing>(null);
  const { isOn, recoveryCodesLeft } = security.authenticator;
  const close = () => setDoing(null);
  return (
    <SecurityCard
      title="Authenticator app"
      text={
        isOn
          ? `Signing in asks for a code of your app. ${recoveryCodesLeft} of 10 recovery codes are unused.`
          : 'An app on your phone shows a code that signing in asks for after your password.'
      }
      beside={<StateBadge look={isOn ? onLook : offLook} />}
      actions={
        isOn ? (
          <>
            <Button variant="default" onClick={() => setDoing('renew')}>
              New recovery codes
            </Button>
            <Button variant="outline" color="brick" onClick={() => setDoing('turn-off')}>
              Turn off
            </Button>
          </>
        ) : (
          <Button onClick={() => setDoing('set-up')}>Set up</Button>
        )
      }
    >
      {doing === 'set-up' && (
        <SetUpAuthenticator hasPassword={security.hasPassword} close={close} />
      )}
      {doing === 'renew' && <Renew close={close} />}
      {doing === 'turn-off' && <TurnOff close={close} />}
    </SecurityCard>
  );
}

const onLook = { word: 'On', colour: 'moss', icon: IconShieldCheck } as const;
const offLook = { word: 'Off', colour: 'gray', icon: IconCircleMinus } as const;

function Renew({ close }: { close: () => void }) {
  const renew = useAction('renewRecoveryCodes', { failure: 'inline' });
  if (renew.data) {
    return (
      <Dialog isOpen onClose={close} title="New recovery codes" isKept>
        <RecoveryCodes codes={renew.data.recoveryCodes} done={close} />
      </Dialog>
    );
  }
  return (
    <ProveWithCode
      title="New recovery codes"
      text="The codes you have now stop working."
      yes="Make new codes"
      isPending={renew.isPending}
      error={renew.error}
      prove={(code) => renew.mutate({ body: { code } })}
      close={close}
    />
  );
}

function TurnOff({ close }: { close: () => void }) {
  const turnOff = useAction('turnOffAuthenticator', {
    failure: 'inline',
    onDone: () => {
      close();
      toastDone('The authenticator app is off.');
    },
  });
  return (
    <ProveWithCode
      title="Turn the authenticator app off?"
      text="Signing in asks for your password alone then, and the recovery codes stop working."
      yes="Turn off"
      isDestructive
      isPending={turnOff.isPending}
      error={turnOff.error}
      prove={(code) => turnOff.mutate({ body: { code } })}
      close={close}
    />
  );
}
