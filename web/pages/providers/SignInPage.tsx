import { Box, Button, Paper, PasswordInput, Stack, TextInput, Title } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useQueryClient } from '@tanstack/react-query';
import { useRouter, useSearch } from '@tanstack/react-router';
import { useEffect } from 'react';
import { SignIn } from '#contract/providers';
import { useAction } from '../../api/actions.ts';
import { ProblemAlert } from '../../ui/problem.tsx';
import { Wordmark } from '../../ui/wordmark.tsx';

/** The way in: e-mail and password, then to where one wanted to go. */
export function SignInPage() {
  const { next = '/' } = useSearch({ from: '/sign-in' });
  const router = useRouter();
  const client = useQueryClient();
  useEffect(() => {
    document.title = 'Sign in · Bursar';
  }, []);
  const signIn = useAction('signIn', {
    failure: 'inline',
    onDone: () => {
      client.clear();
      router.history.push(next);
    },
  });
  const form = useForm({
    mode: 'uncontrolled',
    initialValues: { email: '', password: '' },
    validate: {
      email: (value) =>
        SignIn.shape.email.safeParse(value).success ? null : 'Your e-mail address',
      password: (value) => (value === '' ? 'Your password' : null),
    },
  });
  return (
    <Box
      component="main"
      mih="100dvh"
      p="md"
      style={{ display: 'grid', placeContent: 'center', gridTemplateColumns: 'min(400px, 100%)' }}
    >
      <Stack gap="lg">
        <Box mx="auto">
          <Wordmark />
        </Box>
        <Paper p="xl">
          <form noValidate onSubmit={form.onSubmit((body) => signIn.mutate({ body }))}>
            <Stack>
              <Title order={1} fz={22}>
                Sign in
              </Title>
              {signIn.error && <ProblemAlert error={signIn.error} takesFocus />}
              <TextInput
                label="E-mail"
                type="email"
                autoComplete="username"
                size="md"
                key={form.key('email')}
                {...form.getInputProps('email')}
              />
              <PasswordInput
                label="Password"
                autoComplete="current-password"
                size="md"
                visibilityToggleButtonProps={{ 'aria-label': 'Show or hide the password' }}
                key={form.key('password')}
                {...form.getInputProps('password')}
              />
              <Button type="submit" size="md" loading={signIn.isPending} fullWidth>
                Sign in
              </Button>
            </Stack>
          </form>
        </Paper>
      </Stack>
    </Box>
  );
}
