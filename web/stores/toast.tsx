import { Button, Group, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { explain } from '../api/errors.ts';

const READ_MS = 5_000;
/** How long Undo is offered. */
const UNDO_MS = 8_000;

/** Says that a single action succeeded, with Undo where it can be taken back. */
export function toastDone(message: string, undo?: () => void): void {
  const id = notifications.show({
    color: 'moss',
    autoClose: undo ? UNDO_MS : READ_MS,
    closeButtonProps: { 'aria-label': 'Close message' },
    message: undo ? (
      <Group justify="space-between" wrap="nowrap">
        <Text size="sm">{message}</Text>
        <Button
          size="compact-sm"
          variant="light"
          style={{ flex: 'none' }}
          onClick={() => {
            notifications.hide(id);
            undo();
          }}
        >
          Undo
        </Button>
      </Group>
    ) : (
      message
    ),
  });
}

/** Says why a single action failed and what to do; forms say it in place instead. */
export function toastFailure(error: unknown): void {
  const { title, detail, way, whoMay } = explain(error);
  notifications.show({
    color: 'brick',
    autoClose: 12_000,
    closeButtonProps: { 'aria-label': 'Close message' },
    role: 'alert',
    title,
    message: [detail, way, whoMay.join(', ')].filter(Boolean).join(' '),
  });
}
