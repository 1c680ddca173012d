import { Button, PasswordInput, Stack, Text } from '@mantine/core';
import { useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { isNewPassword, PASSWORD_LENGTH_MIN } from '#contract/sign-in';
import { useAction } from '../../api/actions.ts';
import { ButtonLink, TextLink } from '../../ui/links.tsx';
import { ProblemAlert } from '../../ui/problem.tsx';
import { PublicFrame } from '../../ui/public-frame.tsx';
import { paths } from '../../util/paths.ts';

/** Where the link for a new password leads. */
export function NewPasswordPage() {
  const { token } = useParams({ from: '/new-password/$token' });
  const [password, setPassword] = useState('');
  const [isFaulty, setFaulty] = useState(false);
  const reset = useAction('resetPassword', { failure: 'inline' });
  const submit = () => {
    const isGood = isNewPassword(password);
    setFaulty(!isGood);
    if (isGood) reset.mutate({ body: { token, password } });
  };
  if (reset.isSuccess) {
    return (
      <PublicFrame title="Password changed">
        <Text>You were signed out everywhere. Sign in with the new password.</Text>
        <ButtonLink {...paths.signIn}>Sign in</ButtonLink>
      </PublicFrame>
    );
  }
  return (
    <PublicFrame title="New password">
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <Stack>
          {reset.error && (
            <ProblemAlert error={reset.error} takesFocus>
              <TextLink {...paths.forgottenPassword} size="sm" underline="always">
                Forgotten password
              </TextLink>
            </ProblemAlert>
          )}
          <PasswordInput
            label="New password"
            description={`At least ${PASSWORD_LENGTH_MIN} characters`}
            autoComplete="new-password"
            size="md"
            value={password}
            error={isFaulty && `At least ${PASSWORD_LENGTH_MIN} characters`}
            onChange={(event) => setPassword(event.currentTarget.value)}
            visibilityToggleButtonProps={{ 'aria-label': 'Show or hide the password' }}
          />
          <Button type="submit" size="md" loading={reset.isPending}>
            Set password
          </Button>
        </Stack>
      </form>
    </PublicFrame>
  );
}
