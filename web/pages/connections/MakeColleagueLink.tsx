import { Button, CopyButton, Group, Stack, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useDisclosure } from '@mantine/hooks';
import { IconCheck, IconCopy, IconLink, IconMail } from '@tabler/icons-react';
import { isEmail } from '#contract/email';
import { useAction } from '../../api/actions.ts';
import type { AnswerOf } from '../../api/queries.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { ProblemAlert } from '../../ui/problem.tsx';
import { momentText } from '../../util/dates.ts';

type Made = AnswerOf<'makeConnectInvitation'>;

/** Makes a link for a colleague and shows it once, to be copied or sent. */
export function MakeColleagueLink({ another }: { another: boolean }) {
  const [isOpen, { open, close }] = useDisclosure(false);
  const make = useAction('makeConnectInvitation', { onDone: open });
  return (
    <>
      <Button
        variant="default"
        leftSection={<IconLink size={16} aria-hidden />}
        loading={make.isPending}
        onClick={() => make.mutate({ body: { app: 'xero', another } })}
      >
        Make a link for a colleague
      </Button>
      <Dialog isOpen={isOpen} onClose={close} title="A link for your colleague" size="lg" isKept>
        {make.data && <MadeLink made={make.data} />}
      </Dialog>
    </>
  );
}

function MadeLink({ made }: { made: Made }) {
  return (
    <Stack>
      <Text size="sm">
        It is shown here once. {whoCan(made.openTo)} can connect one Xero organisation to this
        provider, until {momentText(made.invitation.expiresAt)}.
      </Text>
      <Group gap="xs" align="flex-end" wrap="nowrap">
        <TextInput label="Link" value={made.url} readOnly style={{ flex: 1 }} />
        <CopyButton value={made.url}>
          {({ copied, copy }) => (
            <Button
              variant="default"
              onClick={copy}
              leftSection={
                copied ? <IconCheck size={16} aria-hidden /> : <IconCopy size={16} aria-hidden />
              }
            >
              {copied ? 'Copied' : 'Copy'}
            </Button>
          )}
        </CopyButton>
      </Group>
      <SendLink made={made} />
    </Stack>
  );
}

function whoCan(openTo: Made['openTo']): string {
  return openTo === 'members'
    ? 'Whoever has it and signs in as a person of this provider'
    : 'Whoever has it';
}

function SendLink({ made: { url, invitation } }: { made: Made }) {
  const send = useAction('sendConnectInvitation', { failure: 'inline' });
  const form = useForm({
    initialValues: { email: '' },
    validate: {
      email: (email) => (isEmail(email.trim()) ? null : 'This is not an e-mail address'),
    },
  });
  const submit = form.onSubmit(({ email }) =>
    send.mutate({ params: { invitationId: invitation.id }, body: { url, email: email.trim() } }),
  );
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="xs">
        <Group gap="xs" align="flex-start" wrap="nowrap">
          <TextInput
            label="Or send it by e-mail"
            type="email"
            placeholder="colleague@example.com"
            style={{ flex: 1 }}
            {...form.getInputProps('email')}
          />
          <Button
            type="submit"
            mt={25}
            loading={send.isPending}
            leftSection={<IconMail size={16} aria-hidden />}
          >
            Send
          </Button>
        </Group>
        {send.error && <ProblemAlert error={send.error} takesFocus />}
        <Text size="sm" role="status">
          {send.data?.sentTo
            ? `The mail to ${send.data.sentTo} is written. Owners see at Settings > Outgoing mail whether it was sent.`
            : ''}
        </Text>
      </Stack>
    </form>
  );
}
