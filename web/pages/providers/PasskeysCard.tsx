import { Button, Group, Stack, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { PasskeyRow, Security } from '#contract/sign-in';
import { useAction } from '../../api/actions.ts';
import { knowsPasskeys, makePasskey } from '../../api/passkeys.ts';
import { confirm } from '../../stores/confirm.ts';
import { toastDone } from '../../stores/toast.ts';
import { type Column, Table } from '../../table/table.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { GuardedButton } from '../../ui/guarded-button.tsx';
import { ProblemAlert } from '../../ui/problem.tsx';
import { momentText } from '../../util/dates.ts';
import { SecurityCard } from './SecurityCard.tsx';

/** Passkeys: added, named, removed. */
export function PasskeysCard({ security }: { security: Security }) {
  const [isAdding, setAdding] = useState(false);
  const [renamed, setRenamed] = useState<PasskeyRow | null>(null);
  const reason = knowsPasskeys() ? null : 'This browser does not know passkeys.';
  const columns: Column<PasskeyRow>[] = [
    { head: 'Name', cell: ({ name }) => name },
    {
      head: 'Added',
      cell: ({ createdAt }) => (
        <span className="figures">{createdAt ? momentText(createdAt) : ''}</span>
      ),
    },
    {
      head: 'Actions',
      align: 'right',
      cell: (passkey) => <PasskeyActions passkey={passkey} rename={() => setRenamed(passkey)} />,
    },
  ];
  return (
    <SecurityCard
      title="Passkeys"
      text="Your device signs you in once it has checked your PIN, finger or face: no password, no code."
      actions={
        <GuardedButton reason={reason} onClick={() => setAdding(true)} variant="default">
          Add passkey
        </GuardedButton>
      }
    >
      {security.passkeys.length > 0 && (
        <Table label="Passkeys" columns={columns} rows={security.passkeys} keyOf={({ id }) => id} />
      )}
      {isAdding && <AddPasskey close={() => setAdding(false)} />}
      {renamed && <RenamePasskey passkey={renamed} close={() => setRenamed(null)} />}
    </SecurityCard>
  );
}

function PasskeyActions({ passkey, rename }: { passkey: PasskeyRow; rename: () => void }) {
  const remove = useAction('removePasskey', {
    onDone: () => toastDone(`The passkey “${passkey.name}” is removed.`),
  });
  const askFirst = () =>
    confirm({
      title: `Remove “${passkey.name}”?`,
      text: 'It signs you in no longer. Delete it on the device too.',
      yes: 'Remove passkey',
      onYes: () => remove.mutate({ params: { passkeyId: passkey.id } }),
    });
  return (
    <Group gap="xs" justify="flex-end">
      <Button
        variant="default"
        size="compact-sm"
        aria-label={`Rename ${passkey.name}`}
        onClick={rename}
      >
        Rename
      </Button>
      <Button
        variant="outline"
        color="brick"
        size="compact-sm"
        aria-label={`Remove ${passkey.name}`}
        loading={remove.isPending}
        onClick={askFirst}
      >
        Remove
      </Button>
    </Group>
  );
}

function AddPasskey({ close }: { close: () => void }) {
  const [name, setName] = useState('');
  const [hasStopped, setStopped] = useState(false);
  const begin = useAction('beginPasskey', { failure: 'inline' });
  const add = useAction('addPasskey', {
    failure: 'inline',
    onDone: () => {
      close();
      toastDone(`The passkey “${name.trim()}” is ready to use.`);
    },
  });
  const make = async () => {
    setStopped(false);
    const options = await begin.mutateAsync({}).catch(() => null);
    const response = options && (await makePasskey(options));
    if (options && !response) setStopped(true);
    if (response) add.mutate({ body: { name, response } });
  };
  const error = begin.error ?? add.error;
  return (
    <NameForm
      title="Add passkey"
      yes="Continue"
      name={name}
      setName={setName}
      isPending={begin.isPending || add.isPending}
      submit={() => void make()}
      close={close}
    >
      {error && <ProblemAlert error={error} takesFocus />}
      {hasStopped && (
        <Text role="alert" size="sm">
          Your device made no passkey: it was cancelled, or it holds one for Bursar already.
        </Text>
      )}
    </NameForm>
  );
}

function RenamePasskey({ passkey, close }: { passkey: PasskeyRow; close: () => void }) {
  const [name, setName] = useState(passkey.name);
  const rename = useAction('renamePasskey', { failure: 'inline', onDone: close });
  return (
    <NameForm
      title="Rename passkey"
      yes="Rename passkey"
      name={name}
      setName={setName}
      isPending={rename.isPending}
      submit={() => rename.mutate({ params: { passkeyId: passkey.id }, body: { name } })}
      close={close}
    >
      {rename.error && <ProblemAlert error={rename.error} takesFocus />}
    </NameForm>
  );
}

interface NameFormProps {
  title: string;
  yes: string;
  name: string;
  setName: (name: string) => void;
  isPending: boolean;
  submit: () => void;
  close: () => void;
  children: React.ReactNode;
}

function NameForm(props: NameFormProps) {
  return (
    <Dialog isOpen onClose={props.close} title={props.title}>
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          props.submit();
        }}
      >
        <Stack>
          <TextInput
            label="Name"
            description="Where it is kept, such as “Work laptop”"
            maxLength={60}
            data-autofocus
            value={props.name}
            onChange={(event) => props.setName(event.currentTarget.value)}
          />
          {props.children}
          <Group justify="flex-end">
            <Button type="submit" loading={props.isPending} disabled={props.name.trim() === ''}>
              {props.yes}
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  );
}
