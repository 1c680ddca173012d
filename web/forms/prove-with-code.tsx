import { Button, Group, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { Dialog } from '../ui/dialog.tsx';
import { ProblemAlert } from '../ui/problem.tsx';
import { CodeField } from './code-field.tsx';

interface ProveProps {
  title: string;
  text: string;
  yes: string;
  isDestructive?: boolean;
  isPending: boolean;
  error: unknown;
  prove: (code: string) => void;
  close: () => void;
}

/** Asks for a code before something that a stolen session must not be able to do. */
export function ProveWithCode(props: ProveProps) {
  const [code, setCode] = useState('');
  return (
    <Dialog isOpen onClose={props.close} title={props.title}>
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          props.prove(code);
        }}
      >
        <Stack>
          <Text>{props.text}</Text>
          {Boolean(props.error) && <ProblemAlert error={props.error} takesFocus />}
          <CodeField
            label="Code"
            description="Six figures of your app, or a recovery code"
            data-autofocus
            value={code}
            onChange={(event) => setCode(event.currentTarget.value)}
          />
          <Group justify="flex-end">
            <Button variant="default" onClick={props.close}>
              Cancel
            </Button>
            <Button
              type="submit"
              loading={props.isPending}
              disabled={code.trim().length < 6}
              {...(props.isDestructive ? { color: 'brick' } : {})}
            >
              {props.yes}
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  );
}
