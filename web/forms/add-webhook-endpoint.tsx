import { Alert, Button, Checkbox, Code, CopyButton, Group, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { type WebhookKind, webhookKinds } from '#contract/webhooks';
import { useAction } from '../api/actions.ts';
import { fieldMessages } from '../api/errors.ts';
import { Dialog } from '../ui/dialog.tsx';
import { ProblemAlert } from '../ui/problem.tsx';

const kinds = Object.entries(webhookKinds) as [WebhookKind, string][];

/** Adds an endpoint; its secret is shown here and never again. */
export function AddWebhookEndpoint({ isOpen, close }: { isOpen: boolean; close: () => void }) {
  const add = useAction('addWebhookEndpoint', { failure: 'inline' });
  const form = useForm<{ url: string; description: string; kinds: WebhookKind[] }>({
    initialValues: { url: '', description: '', kinds: kinds.map(([kind]) => kind) },
    validate: {
      url: (url) =>
        URL.canParse(url) ? null : 'An address such as https://hooks.example.org/bursar',
      kinds: (chosen) => (chosen.length === 0 ? 'Choose at least one' : null),
    },
  });
  const end = () => {
    close();
    add.reset();
    form.reset();
  };
  const messages = add.error ? fieldMessages(add.error) : {};
  const url = form.getInputProps('url');
  return (
    <Dialog isOpen={isOpen} onClose={end} title="Add endpoint" isKept={Boolean(add.data)}>
      {add.data ? (
        <SecretShown secret={add.data.secret} end={end} />
      ) : (
        <form noValidate onSubmit={form.onSubmit((body) => add.mutate({ body }))}>
          <Stack>
            <TextInput
              label="Address"
              description="Where your program listens: https, on the public internet"
              data-autofocus
              {...url}
              error={url.error ?? messages.url}
            />
            <TextInput
              label="Description"
              description="What it is for, if you like"
              maxLength={200}
              {...form.getInputProps('description')}
            />
            <Checkbox.Group label="Tell it when" {...form.getInputProps('kinds')}>
              <Stack gap="xs" mt="xs">
                {kinds.map(([kind, words]) => (
                  <Checkbox key={kind} value={kind} label={words} />
                ))}
              </Stack>
            </Checkbox.Group>
            {Boolean(add.error) && <ProblemAlert error={add.error} />}
            <Group justify="flex-end">
              <Button type="submit" loading={add.isPending}>
                Add endpoint
              </Button>
            </Group>
          </Stack>
        </form>
      )}
    </Dialog>
  );
}

/** A new secret, to be copied now. */
export function SecretShown({ secret, end }: { secret: string; end: () => void }) {
  return (
    <Stack>
      <Alert color="amber" title="Copy the secret now">
        Your program checks each message’s signature with it. It is shown only this once.
      </Alert>
      <Code block style={{ overflowWrap: 'anywhere', whiteSpace: 'pre-wrap' }}>
        {secret}
      </Code>
      <Group justify="flex-end">
        <CopyButton value={secret}>
          {({ copied, copy }) => (
            <Button variant="default" onClick={copy}>
              {copied ? 'Copied' : 'Copy secret'}
            </Button>
          )}
        </CopyButton>
        <Button onClick={end}>Done</Button>
      </Group>
    </Stack>
  );
}
