import { Button, Group, Stack, Text, TextInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { GRACE_DAYS } from '#contract/closing';
import { useAction } from '../api/actions.ts';
import { Dialog } from '../ui/dialog.tsx';
import { ProblemAlert } from '../ui/problem.tsx';

interface CloseProviderProps {
  isOpen: boolean;
  close: () => void;
  name: string;
}

/** Asks for the provider's name before it is closed. */
export function CloseProvider({ isOpen, close, name }: CloseProviderProps) {
  return (
    <Dialog isOpen={isOpen} onClose={close} title={`Close ${name}?`}>
      <NameForm name={name} cancel={close} />
    </Dialog>
  );
}

function NameForm({ name, cancel }: { name: string; cancel: () => void }) {
  const [typed, setTyped] = useState('');
  const client = useQueryClient();
  const end = useAction('closeProvider', {
    failure: 'inline',
    onDone: () => {
      // What other pages have read is not shown any more once nobody works here.
      client.removeQueries({ type: 'inactive' });
      cancel();
    },
  });
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        end.mutate({ body: { name: typed } });
      }}
    >
      <Stack>
        <Text>
          Work here ends at once, for everybody. In {GRACE_DAYS} days everything is erased for good;
          until then an Owner can undo it.
        </Text>
        <TextInput
          label={`Type “${name}” to go on`}
          autoComplete="off"
          data-autofocus
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
        />
        {end.error && <ProblemAlert error={end.error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={cancel}>
            Cancel
          </Button>
          <Button type="submit" color="brick" loading={end.isPending}>
            Close provider
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
