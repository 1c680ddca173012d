import { Button, PasswordInput, Stack, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate, useParams } from '@tanstack/react-router';
import type { z } from 'zod';
import type { peopleRoutes } from '#contract/people';
import { roleNames } from '#contract/permissions';
import { isNewPassword, PASSWORD_LENGTH_MIN } from '#contract/sign-in';
import { useAction } from '../../api/actions.ts';
import { ask } from '../../api/queries.ts';
import { ButtonLink } from '../../ui/links.tsx';
import { Loading } from '../../ui/loading.tsx';
import { ProblemAlert } from '../../ui/problem.tsx';
import { PublicFrame } from '../../ui/public-frame.tsx';
import { momentText } from '../../util/dates.ts';
import { paths } from '../../util/paths.ts';

type Offer = z.output<(typeof peopleRoutes)['readMemberInvitation']['answer']>;

/** Where an invitation's link leads: what is offered, and the way to accept it. */
export function InvitationPage() {
  const { token } = useParams({ from: '/invitation/$token' });
  const offer = useQuery({
    ...ask('readMemberInvitation', { params: { token } }),
    retry: false,
    // Who reads it may have signed in meanwhile.
    staleTime: 0,
  });
  return (
    <PublicFrame title={offer.data ? `Join ${offer.data.providerName}` : 'Invitation'}>
      {offer.error && <ProblemAlert error={offer.error} />}
      {offer.isPending && <Loading rows={3} />}
      {offer.data && (
        <>
          <Text>
            {offer.data.invitedBy} invites {offer.data.email} to work here as{' '}
            {roleNames[offer.data.role]}. The invitation ends {momentText(offer.data.expiresAt)}.
          </Text>
          <Accept token={token} offer={offer.data} />
        </>
      )}
    </PublicFrame>
  );
}

function Accept({ token, offer }: { token: string; offer: Offer }) {
  const navigate = useNavigate();
  const client = useQueryClient();
  const accept = useAction('acceptInvitation', {
    failure: 'inline',
    onDone: () => {
      client.clear();
      void navigate(paths.learners);
    },
  });
  if (offer.reader === 'other') {
    return (
      <Text>
        You are signed in as someone else. Sign out, then open this link again as {offer.email}.
      </Text>
    );
  }
  if (offer.isKnown && offer.reader === 'nobody') {
    return (
      <>
        <Text>You have a sign-in here already: use it, and you come back to this page.</Text>
        <ButtonLink to="/sign-in" search={{ next: `/invitation/${token}` }}>
          Sign in
        </ButtonLink>
      </>
    );
  }
  if (offer.reader === 'invited') {
    return (
      <Stack>
        {accept.error && <ProblemAlert error={accept.error} takesFocus />}
        <Button
          loading={accept.isPending}
          onClick={() => accept.mutate({ params: { token }, body: {} })}
        >
          Accept invitation
        </Button>
      </Stack>
    );
  }
  return (
    <NewPersonForm
      error={accept.error}
      isPending={accept.isPending}
      email={offer.email}
      accept={(body) => accept.mutate({ params: { token }, body })}
    />
  );
}

interface NewPersonFormProps {
  error: Error | null;
  isPending: boolean;
  email: string;
  accept: (body: { name: string; password: string }) => void;
}

function NewPersonForm({ error, isPending, email, accept }: NewPersonFormProps) {
  const form = useForm({
    initialValues: { name: '', password: '' },
    validate: {
      name: (value) => (value.trim() === '' ? 'Your name' : null),
      password: (value) =>
        isNewPassword(value) ? null : `At least ${PASSWORD_LENGTH_MIN} characters`,
    },
  });
  return (
    <form noValidate onSubmit={form.onSubmit(accept)}>
      <Stack>
        {error && <ProblemAlert error={error} takesFocus />}
        <TextInput label="Your name" autoComplete="name" {...form.getInputProps('name')} />
        <TextInput label="E-mail" value={email} readOnly autoComplete="username" />
        <PasswordInput
          label="Password"
          description={`At least ${PASSWORD_LENGTH_MIN} characters`}
          autoComplete="new-password"
          visibilityToggleButtonProps={{ 'aria-label': 'Show or hide the password' }}
          {...form.getInputProps('password')}
        />
        <Button type="submit" loading={isPending}>
          Accept invitation
        </Button>
      </Stack>
    </form>
  );
}
