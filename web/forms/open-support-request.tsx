import { Button, Group, Stack, Text, Textarea, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useNavigate } from '@tanstack/react-router';
import type { AppKey } from '#contract/connections';
import { SUPPORT_SUBJECT_MAX, SUPPORT_TEXT_MAX } from '#contract/support';
import { useAction } from '../api/actions.ts';
import { fieldMessages } from '../api/errors.ts';
import { toastDone } from '../stores/toast.ts';
import { Dialog } from '../ui/dialog.tsx';
import { ProblemAlert } from '../ui/problem.tsx';
import { paths } from '../util/paths.ts';

/** What is asked, as far as it is known before anybody types. */
export interface SupportWish {
  subject: string;
  text: string;
  app: AppKey | null;
}

interface OpenSupportRequestProps {
  isOpen: boolean;
  close: () => void;
  wish: SupportWish;
}

/** Asks the people who run Bursar; then shows the request. */
export function OpenSupportRequest({ isOpen, close, wish }: OpenSupportRequestProps) {
  return (
    <Dialog isOpen={isOpen} onClose={close} title="Ask the people who run Bursar" size="lg" isKept>
      <RequestForm wish={wish} />
    </Dialog>
  );
}

function RequestForm({ wish }: { wish: SupportWish }) {
  const navigate = useNavigate();
  const open = useAction('openSupportRequest', {
    failure: 'inline',
    onDone: ({ id }) => {
      toastDone('Your request is sent.');
      void navigate(paths.supportRequest(id));
    },
  });
  const form = useForm({
    initialValues: { subject: wish.subject, text: wish.text },
    validate: {
      subject: (subject) => (subject.trim() === '' ? 'What it is about' : null),
      text: (text) => (text.trim() === '' ? 'What you need' : null),
    },
  });
  const messages = open.error ? fieldMessages(open.error) : {};
  const subject = form.getInputProps('subject');
  const text = form.getInputProps('text');
  const send = form.onSubmit((values) => open.mutate({ body: { ...values, app: wish.app } }));
  return (
    <form noValidate onSubmit={send}>
      <Stack>
        <TextInput
          label="Subject"
          maxLength={SUPPORT_SUBJECT_MAX}
          data-autofocus
          {...subject}
          error={subject.error ?? messages.subject}
        />
        <Textarea
          label="What you need"
          autosize
          minRows={6}
          maxRows={16}
          maxLength={SUPPORT_TEXT_MAX}
          {...text}
          error={text.error ?? messages.text}
        />
        <Text size="sm" c="dimmed">
          Everyone who works here can read it. The answer comes by e-mail and stands under Settings,
          Support.
        </Text>
        {Boolean(open.error) && <ProblemAlert error={open.error} />}
        <Group justify="flex-end">
          <Button type="submit" loading={open.isPending}>
            Send request
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
