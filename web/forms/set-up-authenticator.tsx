import { Button, Code, Group, PasswordInput, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { useAction } from '../api/actions.ts';
import { Dialog } from '../ui/dialog.tsx';
import { ProblemAlert } from '../ui/problem.tsx';
import { QrCode } from '../ui/qr-code.tsx';
import { CodeField } from './code-field.tsx';
import { RecoveryCodes } from './recovery-codes.tsx';

interface SetUpProps {
  hasPassword: boolean;
  close: () => void;
}

/** Sets up an authenticator app: password, picture and first code, then the recovery codes. */
export function SetUpAuthenticator({ hasPassword, close }: SetUpProps) {
  const begin = useAction('beginAuthenticator', { failure: 'inline' });
  const confirm = useAction('confirmAuthenticator', { failure: 'inline' });
  return (
    <Dialog isOpen onClose={close} title="Set up an authenticator app" isKept>
      {confirm.data ? (
        <RecoveryCodes codes={confirm.data.recoveryCodes} done={close} />
      ) : begin.data ? (
        <FirstCode
          {...begin.data}
          isPending={confirm.isPending}
          error={confirm.error}
          confirm={(code) => confirm.mutate({ body: { code } })}
        />
      ) : (
        <Password
          hasPassword={hasPassword}
          isPending={begin.isPending}
          error={begin.error}
          begin={(password) => begin.mutate({ body: hasPassword ? { password } : {} })}
        />
      )}
    </Dialog>
  );
}

interface PasswordProps {
  hasPassword: boolean;
  isPending: boolean;
  error: unknown;
  begin: (password: string) => void;
}

function Password({ hasPassword, isPending, error, begin }: PasswordProps) {
  const [password, setPassword] = useState('');
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        begin(password);
      }}
    >
      <Stack>
        <Text>
          You need an app that shows codes of six figures, such as the one of your password manager,
          Google Authenticator or Microsoft Authenticator.
        </Text>
        {Boolean(error) && <ProblemAlert error={error} takesFocus />}
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
          <Button type="submit" loading={isPending}>
            Continue
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

interface FirstCodeProps {
  uri: string;
  secret: string;
  isPending: boolean;
  error: unknown;
  confirm: (code: string) => void;
}

function FirstCode({ uri, secret, isPending, error, confirm }: FirstCodeProps) {
  const [code, setCode] = useState('');
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        confirm(code);
      }}
    >
      <Stack>
        <Text>Scan this picture with the app, then type the code that it shows.</Text>
        <Group justify="center">
          <QrCode text={uri} label="Picture to scan with the authenticator app" />
        </Group>
        <div>
          <Text size="sm" c="dimmed">
            Or type this key into the app:
          </Text>
          <Code block aria-label="Key" style={{ overflowWrap: 'anywhere', whiteSpace: 'pre-wrap' }}>
            {secret.match(/.{1,4}/g)?.join(' ')}
          </Code>
        </div>
        {Boolean(error) && <ProblemAlert error={error} takesFocus />}
        <CodeField
          label="Code"
          description="Six figures"
          data-autofocus
          value={code}
          onChange={(event) => setCode(event.currentTarget.value)}
        />
        <Group justify="flex-end">
          <Button type="submit" loading={isPending} disabled={code.trim().length < 6}>
            Turn on
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
