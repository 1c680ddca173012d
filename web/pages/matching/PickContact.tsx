import { Button, Group, Stack, Switch, Text, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconSearch } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { MatchContactView } from '#contract/matching';
import { ask } from '../../api/queries.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { ProblemAlert } from '../../ui/problem.tsx';

const TYPING_PAUSE_MS = 200;

interface PickContactProps {
  connectionId: string;
  learnerName: string;
  onClose: () => void;
  onPick: (contact: MatchContactView, replaceCode: boolean) => void;
}

/** Finds any contact of the organisation by hand. */
export function PickContact(props: PickContactProps) {
  const { connectionId, onClose } = props;
  const [words, setWords] = useState('');
  const [search] = useDebouncedValue(words.trim(), TYPING_PAUSE_MS);
  const found = useQuery({
    ...ask('searchContacts', { params: { connectionId }, query: { search } }),
    enabled: search !== '',
  });
  const contacts = search === '' ? [] : (found.data?.contacts ?? []);
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={`Who is ${props.learnerName} in Xero?`}
      size="lg"
      isHigh
    >
      <Stack>
        <TextInput
          data-autofocus
          type="search"
          label="Name, code or e-mail in Xero"
          leftSection={<IconSearch size={18} aria-hidden />}
          value={words}
          maxLength={100}
          onChange={(event) => setWords(event.currentTarget.value)}
        />
        {found.error && !found.data && (
          <ProblemAlert error={found.error} retry={() => found.refetch()} />
        )}
        <Stack gap="sm" component="ul" m={0} p={0} aria-label="Contacts found">
          {contacts.map((contact) => (
            <Found key={contact.contactId} contact={contact} onPick={props.onPick} />
          ))}
        </Stack>
        {search !== '' && found.data && contacts.length === 0 && (
          <Text c="dimmed" size="sm" role="status">
            No contact in Xero fits “{search}”.
          </Text>
        )}
      </Stack>
    </Dialog>
  );
}

interface FoundProps {
  contact: MatchContactView & { linkedTo: string | null };
  onPick: PickContactProps['onPick'];
}

function Found({ contact, onPick }: FoundProps) {
  const [replaceCode, setReplaceCode] = useState(false);
  const facts = [
    contact.code && `code ${contact.code}`,
    contact.email,
    ...contact.phones,
    contact.status === 'archived' && 'archived in Xero',
  ].filter(Boolean);
  return (
    <Group component="li" justify="space-between" align="flex-start" wrap="nowrap">
      <Stack gap={2} style={{ minWidth: 0 }}>
        <Text fw={550} size="sm" style={{ overflowWrap: 'anywhere' }}>
          {contact.name}
        </Text>
        <Text size="sm" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
          {facts.join(' · ')}
        </Text>
        {contact.linkedTo !== null && (
          <Text size="sm" c="dimmed">
            Linked to {contact.linkedTo}
          </Text>
        )}
        {contact.code !== null && contact.linkedTo === null && (
          <ReplaceCode code={contact.code} checked={replaceCode} onChange={setReplaceCode} />
        )}
      </Stack>
      <Button
        variant="default"
        style={{ flex: 'none' }}
        disabled={contact.linkedTo !== null}
        aria-label={`Link to ${contact.name}`}
        onClick={() => onPick(contact, replaceCode)}
      >
        Link
      </Button>
    </Group>
  );
}

/** Asked of a contact that bears another code: whose code it is to bear from now on. */
export function ReplaceCode(props: {
  code: string;
  checked: boolean;
  onChange: (checked: boolean) => void;
}) {
  return (
    <Switch
      size="sm"
      label={`Replace the code ${props.code} by the learner number`}
      checked={props.checked}
      onChange={(event) => props.onChange(event.currentTarget.checked)}
    />
  );
}
