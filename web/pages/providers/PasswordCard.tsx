import { Button, Group, PasswordInput, Stack } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useState } from 'react';
import { isNewPassword, PASSWORD_LENGTH_MIN, type Security } from '#contract/sign-in';
import { useAction } from '../../api/actions.ts';
import { toastDone } from '../../stores/toast.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { ProblemAlert } from '../../ui/problem.tsx';
import { SecurityCard } from './SecurityCard.tsx';

/** The password: changed, or set for the first time by who came by Xero. */
export function PasswordCard({ security: { hasPassword } }: { security: Security }) {
  const [isChanging, setChanging] = useState(false);
  return (
    <SecurityCard
      title="Password"
      text={
        hasPassword
          ? 'Changing it signs you out everywhere else.'
          : 'You sign in without one. Set one to have a second way in.'
      }
      actions={
        <Button variant="default" onClick={() => setChanging(true)}>
          {hasPassword ? 'Change password' : 'Set password'}
        </Button>
      }
    >
      {isChanging && <ChangePassword hasPassword={hasPassword} close={() => setChanging(false)} />}
    </SecurityCard>
  );
}

const hidden = { visibilityToggleButtonProps: { 'aria-label': 'Show or hide the password' } };

function ChangePassword({ hasPassword, close }: { hasPassword: boolean; close: () => void }) {
  const change = useAction('changePassword', {
    failure: 'inline',
    onDone: () => {
      close();
      toastDone('Your password is changed. You are signed out everywhere else.');
    },
  });
  const form = useForm({
    initialValues: { current: '', password: '' },
    validate: {
      current: (value) => (hasPassword && value === '' ? 'Your present password' : null),
      password: (value) =>
        isNewPassword(value) ? null : `At least ${PASSWORD_LENGTH_MIN} characters`,
    },
  });
  const send = ({ current, password }: typeof form.values) =>
    change.mutate({ body: hasPassword ? { current, password } : { password } });
  return (
    <Dialog isOpen onClose={close} title={hasPassword ? 'Change password' : 'Set password'}>
      <form noValidate onSubmit={form.onSubmit(send)}>
        <Stack>
          {change.error && <ProblemAlert error={change.error} takesFocus />}
          {hasPassword && (
            <PasswordInput
              label="Present password"
              autoComplete="current-password"
              data-autofocus
              {...hidden}
              {...form.getInputProps('current')}
            />
          )}
          <PasswordInput
            label="New password"
            description={`At least ${PASSWORD_LENGTH_MIN} characters`}
            autoComplete="new-password"
            {...hidden}
            {...form.getInputProps('password')}
          />
          <Group justify="flex-end">
            <Button type="submit" loading={change.isPending}>
              {hasPassword ? 'Change password' : 'Set password'}
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  );
}
