import { Button, Group, Stack, Text } from '@mantine/core';
import { useSyncExternalStore } from 'react';
import { Dialog } from '../ui/dialog.tsx';

/** A question before something that can't be taken back. */
interface Question {
  title: string;
  /** What is lost and what stays. */
  text: string;
  /** The label of the button that does it: a verb and its noun. */
  yes: string;
  /** Nothing is destroyed: the button is not in brick. */
  isCalm?: boolean;
  onYes: () => void;
  onNo?: () => void;
}

/** The question stays while its window closes, so that no empty window flashes. */
let snapshot: { question: Question | null; isOpen: boolean } = { question: null, isOpen: false };
const listeners = new Set<() => void>();

function change(next: { question?: Question; isOpen: boolean }): void {
  snapshot = { ...snapshot, ...next };
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Asks once. Only for what can't be undone; everything else offers Undo afterwards. */
export function confirm(asked: Question): void {
  change({ question: asked, isOpen: true });
}

/** Draws the question that is being asked; stands once, beside the pages. */
export function Confirm() {
  const now = useSyncExternalStore(subscribe, () => snapshot);
  const close = () => change({ isOpen: false });
  const cancel = () => {
    close();
    now.question?.onNo?.();
  };
  return (
    <Dialog isOpen={now.isOpen} onClose={cancel} title={now.question?.title ?? ''}>
      <Stack>
        <Text>{now.question?.text}</Text>
        <Group justify="flex-end">
          <Button variant="default" onClick={cancel} data-autofocus>
            Cancel
          </Button>
          <Button
            color={now.question?.isCalm ? 'petrol' : 'brick'}
            onClick={() => {
              close();
              now.question?.onYes();
            }}
          >
            {now.question?.yes}
          </Button>
        </Group>
      </Stack>
    </Dialog>
  );
}
