import { Alert, Button, Code, CopyButton, Group, Select, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { IconCheck, IconCopy } from '@tabler/icons-react';
import { ROLES, type Role, roleNames } from '#contract/permissions';
import { useAction } from '../api/actions.ts';
import { fieldMessages } from '../api/errors.ts';
import { Dialog } from '../ui/dialog.tsx';
import { ProblemAlert } from '../ui/problem.tsx';

const roles = ROLES.map((role) => ({ value: role, label: roleNames[role] }));

/** Makes an API key; the key itself is shown here and never again. */
export function CreateApiKey({ isOpen, close }: { isOpen: boolean; close: () => void }) {
  const make = useAction('createApiKey', { failure: 'inline' });
  const end = () => {
    close();
    make.reset();
  };
  return (
    <Dialog isOpen={isOpen} onClose={end} title="Make API key" isKept={Boolean(make.data)}>
      {make.data ? (
        <Made secret={make.data.key} end={end} />
      ) : (
        <MakeForm
          isMaking={make.isPending}
          error={make.error}
          make={(body) => make.mutate({ body })}
        />
      )}
    </Dialog>
  );
}

interface MakeFormProps {
  isMaking: boolean;
  error: unknown;
  make: (body: { name: string; role: Role }) => void;
}

function MakeForm({ isMaking, error, make }: MakeFormProps) {
  const form = useForm<{ name: string; role: Role }>({
    initialValues: { name: '', role: 'staff' },
    validate: { name: (name) => (name.trim() === '' ? 'What the key is for' : null) },
  });
  const messages = error ? fieldMessages(error) : {};
  const name = form.getInputProps('name');
  return (
    <form noValidate onSubmit={form.onSubmit(make)}>
      <Stack>
        <TextInput
          label="Name"
          description="What the key is for, such as “Web site enrolments”"
          maxLength={100}
          data-autofocus
          {...name}
          error={name.error ?? messages.name}
        />
        <Select
          label="Role"
          description="What programs with this key may do"
          data={roles}
          allowDeselect={false}
          {...form.getInputProps('role')}
        />
        {Boolean(error) && <ProblemAlert error={error} />}
        <Group justify="flex-end">
          <Button type="submit" loading={isMaking}>
            Make API key
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function Made({ secret, end }: { secret: string; end: () => void }) {
  return (
    <Stack>
      <Alert color="amber" title="Copy the key now">
        It is shown only this once; Bursar keeps no readable copy.
      </Alert>
      <Code block style={{ overflowWrap: 'anywhere', whiteSpace: 'pre-wrap' }}>
        {secret}
      </Code>
      <Group justify="flex-end">
        <CopyButton value={secret}>
          {({ copied, copy }) => (
            <Button
              variant="default"
              onClick={copy}
              leftSection={
                copied ? <IconCheck size={16} aria-hidden /> : <IconCopy size={16} aria-hidden />
              }
            >
              {copied ? 'Copied' : 'Copy key'}
            </Button>
          )}
        </CopyButton>
        <Button onClick={end}>Done</Button>
      </Group>
    </Stack>
  );
}
