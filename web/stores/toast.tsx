import { Button, Group, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { explain } from '../api/errors.ts';

const READ_MS = 5_000;
/** How long Undo is offered. */
const UNDO_MS = 8_000;
/** Nobody waited for it, so it stays a little longer. */
const NEWS_MS = 15_000;

/** Says that a single action succeeded, with Undo where it can be taken back. */
export function toastDone(message: string, undo?: () => void): void {
  const offer = undo && { label: 'Undo', run: undo };
  show({ message, colour: 'moss', readMs: undo ? UNDO_MS : READ_MS, offer });
}

/** Says what ended by itself while one was elsewhere, and leads there. */
export function toastNews(
  message: string,
  { isBad, label, go }: { isBad: boolean; label: string; go: () => void },
): void {
  const colour = isBad ? 'brick' : 'moss';
  show({ message, colour, readMs: NEWS_MS, offer: { label, run: go } });
}

interface Shown {
  message: string;
  colour: 'moss' | 'brick';
  readMs: number;
  offer: { label: string; run: () => void } | undefined;
}

function show({ message, colour, readMs, offer }: Shown): void {
  const id = notifications.show({
    color: colour,
    autoClose: readMs,
    closeButtonProps: { 'aria-label': 'Close message' },
    message: offer ? (
      <Group justify="space-between" wrap="nowrap">
        <Text size="sm">{message}</Text>
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
