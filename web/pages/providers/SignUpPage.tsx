import { Button, Select, Stack, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useAction } from '../../api/actions.ts';
import { ask } from '../../api/queries.ts';
import { Loading } from '../../ui/loading.tsx';
import { ProblemAlert } from '../../ui/problem.tsx';
import { PublicFrame } from '../../ui/public-frame.tsx';
import { countryText } from '../../util/countries.ts';
import { paths } from '../../util/paths.ts';

const COUNTRIES = ['AU', 'NZ', 'GB', 'IE', 'US', 'CA', 'SG', 'ZA'];
const countries = COUNTRIES.map((value) => ({ value, label: countryText(value) ?? value }));

/** Signing up: what Xero said of the person, and what their training organisation is called. */
export function SignUpPage() {
  const newcomer = useQuery({ ...ask('readXeroSignUp'), retry: false });
  return (
    <PublicFrame title="Sign up">
      {newcomer.error && (
        <ProblemAlert error={newcomer.error}>
          <Button component="a" href="/sign-up/xero" variant="default">
            Sign up with Xero
          </Button>
        </ProblemAlert>
      )}
      {newcomer.isPending && <Loading rows={3} />}
      {newcomer.data && <SignUpForm {...newcomer.data} />}
    </PublicFrame>
  );
}

function SignUpForm({ name, email }: { name: string; email: string }) {
  const navigate = useNavigate();
  const client = useQueryClient();
  const finish = useAction('finishXeroSignUp', {
    failure: 'inline',
    onDone: () => {
      client.clear();
      void navigate(paths.connectedApps);
    },
  });
  const form = useForm({
    initialValues: { name, providerName: '', country: 'AU' },
    validate: {
      name: (value) => (value.trim() === '' ? 'Your name' : null),
      providerName: (value) => (value.trim() === '' ? 'The name of your organisation' : null),
    },
  });
  return (
    <form noValidate onSubmit={form.onSubmit((body) => finish.mutate({ body }))}>
      <Stack>
        <Text>
          Xero told us who you are, and nothing else. You choose later which organisation to
          connect.
        </Text>
        {finish.error && <ProblemAlert error={finish.error} takesFocus />}
        <TextInput label="Your name" autoComplete="name" {...form.getInputProps('name')} />
        <TextInput label="E-mail" value={email} readOnly description="From Xero" />
        <TextInput
          label="Training organisation"
          description="As your learners know it"
          autoComplete="organization"
          maxLength={200}
          {...form.getInputProps('providerName')}
        />
        <Select
          label="Country"
          data={countries}
          allowDeselect={false}
          {...form.getInputProps('country')}
        />
        <Button type="submit" size="md" loading={finish.isPending}>
          Sign up
        </Button>
      </Stack>
    </form>
  );
}
