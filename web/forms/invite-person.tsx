import {
  Alert,
  Button,
  Code,
  CopyButton,
  Group,
  Select,
  Stack,
  Text,
  TextInput,
} from '@mantine/core';
import { useForm } from '@mantine/form';
import { isEmail } from '#contract/email';
import { INVITATION_DAYS } from '#contract/people';
import { ROLES, type Role, roleNames } from '#contract/permissions';
import { useAction } from '../api/actions.ts';
import { Dialog } from '../ui/dialog.tsx';
import { ProblemAlert } from '../ui/problem.tsx';

const roles = ROLES.map((role) => ({ value: role, label: roleNames[role] }));

/** Invites someone by mail; without a mail server the link is shown here and never again. */
export function InvitePerson({ close }: { close: () => void }) {
  const invite = useAction('invitePerson', { failure: 'inline' });
  const form = useForm<{ email: string; role: Role }>({
    initialValues: { email: '', role: 'staff' },
    validate: {
      email: (value) => (isEmail(value) ? null : 'The person’s e-mail address'),
    },
  });
  return (
    <Dialog isOpen onClose={close} title="Invite someone" isKept={Boolean(invite.data)}>
      {invite.data ? (
        <Invited {...invite.data} email={invite.data.invitation.email} close={close} />
      ) : (
        <form noValidate onSubmit={form.onSubmit((body) => invite.mutate({ body }))}>
          <Stack>
            {invite.error && <ProblemAlert error={invite.error} takesFocus />}
            <TextInput
              label="E-mail"
              type="email"
              data-autofocus
              {...form.getInputProps('email')}
            />
            <Select
              label="Role"
              data={roles}
              allowDeselect={false}
              {...form.getInputProps('role')}
            />
            <Group justify="flex-end">
              <Button type="submit" loading={invite.isPending}>
                Invite
              </Button>
            </Group>
          </Stack>
        </form>
      )}
    </Dialog>
  );
}

interface InvitedProps {
  email: string;
  /** Null when it was mailed. */
  link: string | null;
  close: () => void;
}

function Invited({ email, link, close }: InvitedProps) {
  return (
    <Stack>
      {link === null ? (
        <Alert color="moss" title={`An invitation is on its way to ${email}`}>
          The link in it is valid for {INVITATION_DAYS} days and works once, for this person alone.
        </Alert>
      ) : (
        <LinkToPassOn email={email} link={link} />
      )}
      <Group justify="flex-end">
        {link !== null && (
          <CopyButton value={link}>
            {({ copied, copy }) => (
              <Button variant="default" onClick={copy}>
                {copied ? 'Copied' : 'Copy link'}
              </Button>
            )}
          </CopyButton>
        )}
        <Button onClick={close}>Done</Button>
      </Group>
    </Stack>
  );
}

function LinkToPassOn({ email, link }: { email: string; link: string }) {
  return (
    <>
      <Alert color="amber" title="Pass this link on yourself">
        {`This Bursar sends no mail. The link is for ${email}, valid for ${INVITATION_DAYS} days, and shown only this once.`}
      </Alert>
      <Code block aria-label="Link" style={{ overflowWrap: 'anywhere', whiteSpace: 'pre-wrap' }}>
        {link}
      </Code>
      <Text size="sm" c="dimmed">
        It works once, for this person alone.
      </Text>
    </>
  );
}
