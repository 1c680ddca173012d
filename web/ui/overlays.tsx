import '@mantine/notifications/styles.css';
import { Button, Group, Stack, Text } from '@mantine/core';
import { Notifications, notifications } from '@mantine/notifications';
import { useEffect } from 'react';
import { useQuestion } from '../stores/confirm.ts';
import { type Toast, takeToasts, useToasts } from '../stores/toast.ts';
import { Dialog } from './dialog.tsx';

/** What may come over any page: the question before what can't be undone, and messages. */
export function Overlays() {
  const toasts = useToasts();
  useEffect(() => {
    for (const toast of takeToasts(toasts)) showToast(toast);
  }, [toasts]);
  return (
    <>
      <Confirm />
      <Notifications position="bottom-right" limit={4} />
    </>
  );
}

function Confirm() {
  const { question, isOpen, close } = useQuestion();
  const cancel = () => {
    close();
    question?.onNo?.();
  };
  return (
    <Dialog isOpen={isOpen} onClose={cancel} title={question?.title ?? ''}>
      <Stack>
        <Text>{question?.text}</Text>
        <Group justify="flex-end">
          <Button variant="default" onClick={cancel} data-autofocus>
            Cancel
          </Button>
          <Button
            color={question?.isCalm ? 'petrol' : 'brick'}
            onClick={() => {
              close();
              question?.onYes();
            }}
          >
            {question?.yes}
          </Button>
        </Group>
      </Stack>
    </Dialog>
  );
}

/** Taking what the message offers closes it. */
function showToast({ title, message, colour, readMs, offer, isAlert }: Toast): void {
  // Beside a title Mantine's own grey is too pale to be read by everybody.
  const words = (
    <Text size="sm" {...(title ? { c: 'dimmed' } : {})}>
      {message}
    </Text>
  );
  const id = notifications.show({
    color: colour,
    autoClose: readMs,
    closeButtonProps: { 'aria-label': 'Close message' },
    ...(title ? { title } : {}),
    ...(isAlert ? { role: 'alert' } : {}),
    message: offer ? (
      <Group justify="space-between" wrap="nowrap">
        {words}
        <Button
          size="compact-sm"
          variant="light"
          style={{ flex: 'none' }}
          onClick={() => {
            notifications.hide(id);
            offer.run();
          }}
        >
          {offer.label}
        </Button>
      </Group>
    ) : (
      words
    ),
  });
}
