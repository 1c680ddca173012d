import { Alert, Button, Stack, Text, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { isEmail } from '#contract/email';
import { useAction } from '../../api/actions.ts';
import { ask } from '../../api/queries.ts';
import { TextLink } from '../../ui/links.tsx';
import { ProblemAlert } from '../../ui/problem.tsx';
import { PublicFrame } from '../../ui/public-frame.tsx';
import { paths } from '../../util/paths.ts';

/**
 * Sends a link for a new password. What it says is the same whether the e-mail is known or not.
 * Without a mail server the mail is kept, and whoever has the command line can read it.
 */
export function ForgottenPasswordPage() {
  const options = useQuery(ask('signInOptions'));
  const sendsMail = options.data?.mail !== false;
  const [email, setEmail] = useState('');
  const [isFaulty, setFaulty] = useState(false);
  const send = useAction('forgotPassword', { failure: 'inline' });
  const submit = () => {
    const isGood = isEmail(email);
    setFaulty(!isGood);
    if (isGood) send.mutate({ body: { email } });
  };
  return (
    <PublicFrame title="Forgotten password">
      {!sendsMail && (
        <Alert color="amber" title="This Bursar sends no mail">
          Ask for a link all the same: it is kept for whoever runs this Bursar, who can pass it on.
        </Alert>
      )}
      {send.isSuccess ? (
        <Text role="status">
          {sendsMail
            ? 'If somebody here has this e-mail, a link is on its way to it.'
            : 'If somebody here has this e-mail, a link is kept for them. Whoever runs this Bursar finds it with “npm run bursar -- mail list” and “mail show”.'}{' '}
          It works once, for one hour.
        </Text>
      ) : (
        <form
          noValidate
          onSubmit={(event) => {
            event.preventDefault();
            submit();
          }}
        >
          <Stack>
            {send.error && <ProblemAlert error={send.error} takesFocus />}
            <TextInput
              label="E-mail"
              type="email"
              autoComplete="username"
              size="md"
              value={email}
              error={isFaulty && 'Your e-mail address'}
              onChange={(event) => setEmail(event.currentTarget.value)}
            />
            <Button type="submit" size="md" loading={send.isPending}>
              {sendsMail ? 'Send link' : 'Ask for a link'}
            </Button>
          </Stack>
        </form>
      )}
      <TextLink {...paths.signIn} size="sm" underline="always">
        Back to sign in
      </TextLink>
    </PublicFrame>
  );
}
