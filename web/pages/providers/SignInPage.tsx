import { Button, Divider, PasswordInput, Stack, TextInput } from '@mantine/core';
import { IconKey } from '@tabler/icons-react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useRouter, useSearch } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { isEmail } from '#contract/email';
import { useAction } from '../../api/actions.ts';
import { askForPasskey, knowsPasskeys } from '../../api/passkeys.ts';
import { ask } from '../../api/queries.ts';
import { CodeField } from '../../forms/code-field.tsx';
import { TextLink } from '../../ui/links.tsx';
import { ProblemAlert } from '../../ui/problem.tsx';
import { PublicFrame } from '../../ui/public-frame.tsx';
import { paths } from '../../util/paths.ts';
import { XeroOutcome } from './XeroOutcome.tsx';

/** The way in, then to where one wanted to go. */
export function SignInPage() {
  const { next = '/', step, xero } = useSearch({ from: '/sign-in' });
  const [isAskedForCode, setAskedForCode] = useState(step === 'code');
  const router = useRouter();
  const client = useQueryClient();
  const enter = () => {
    client.clear();
    router.history.push(next);
  };
  return (
    <PublicFrame title="Sign in">
      {isAskedForCode ? (
        <CodeStep enter={enter} again={() => setAskedForCode(false)} />
      ) : (
        <>
          {xero && <XeroOutcome outcome={xero} />}
          <PasswordStep enter={enter} askForCode={() => setAskedForCode(true)} />
          <OtherWays next={next} enter={enter} />
        </>
      )}
    </PublicFrame>
  );
}

function PasswordStep({ enter, askForCode }: { enter: () => void; askForCode: () => void }) {
  const signIn = useAction('signIn', {
    failure: 'inline',
    onDone: ({ step }) => (step === 'second-factor' ? askForCode() : enter()),
  });
  const [faults, setFaults] = useState({ email: false, password: false });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const given = new FormData(event.currentTarget);
    const body = { email: String(given.get('email')), password: String(given.get('password')) };
    const found = { email: !isEmail(body.email), password: body.password === '' };
    setFaults(found);
    if (!found.email && !found.password) signIn.mutate({ body });
  };
  return (
    <form noValidate onSubmit={submit}>
      <Stack>
        {signIn.error && <ProblemAlert error={signIn.error} takesFocus />}
        <TextInput
          label="E-mail"
          type="email"
          autoComplete="username webauthn"
          size="md"
          name="email"
          error={faults.email && 'Your e-mail address'}
          onChange={() => setFaults({ ...faults, email: false })}
        />
        <PasswordInput
          label="Password"
          autoComplete="current-password"
          size="md"
          visibilityToggleButtonProps={{ 'aria-label': 'Show or hide the password' }}
          name="password"
          error={faults.password && 'Your password'}
          onChange={() => setFaults({ ...faults, password: false })}
        />
        <Button type="submit" size="md" loading={signIn.isPending} fullWidth>
          Sign in
        </Button>
        <TextLink {...paths.forgottenPassword} size="sm" underline="always">
          Forgotten password
        </TextLink>
      </Stack>
    </form>
  );
}

function CodeStep({ enter, again }: { enter: () => void; again: () => void }) {
  const [code, setCode] = useState('');
  const prove = useAction('proveSecondFactor', { failure: 'inline', onDone: enter });
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        prove.mutate({ body: { code } });
      }}
    >
      <Stack>
        {prove.error && <ProblemAlert error={prove.error} takesFocus />}
        <CodeField
          label="Code"
          description="Six figures of your authenticator app, or a recovery code"
          size="md"
          autoFocus
          value={code}
          onChange={(event) => setCode(event.currentTarget.value)}
        />
        <Button
          type="submit"
          size="md"
          loading={prove.isPending}
          disabled={code.trim().length < 6}
          fullWidth
        >
          Continue
        </Button>
        <Button variant="subtle" onClick={again}>
          Sign in from the beginning
        </Button>
      </Stack>
    </form>
  );
}

/** Passkey and Xero; each only where the browser and this Bursar know it. */
function OtherWays({ next, enter }: { next: string; enter: () => void }) {
  const options = useQuery(ask('signInOptions'));
  const begin = useAction('beginPasskeySignIn', { failure: 'inline' });
  const finish = useAction('signInWithPasskey', { failure: 'inline', onDone: enter });
  const withPasskey = async () => {
    finish.reset();
    const asked = await begin.mutateAsync({}).catch(() => null);
    const response = asked && (await askForPasskey(asked));
    if (response) finish.mutate({ body: { response } });
  };
  const error = begin.error ?? finish.error;
  if (!knowsPasskeys() && !options.data?.xero) return null;
  return (
    <Stack>
      <Divider label="or" />
      {error && <ProblemAlert error={error} takesFocus />}
      {knowsPasskeys() && (
        <Button
          variant="default"
          size="md"
          leftSection={<IconKey size={16} aria-hidden />}
          loading={begin.isPending || finish.isPending}
          onClick={() => void withPasskey()}
        >
          Sign in with a passkey
        </Button>
      )}
      {options.data?.xero && (
        <Button
          component="a"
          variant="default"
          size="md"
          href={`/sign-in/xero?${new URLSearchParams({ next })}`}
        >
          Sign in with Xero
        </Button>
      )}
      {options.data?.signUp && (
        <Button component="a" variant="subtle" href="/sign-up/xero">
          Sign up with Xero
        </Button>
      )}
    </Stack>
  );
}
