import { Paper, Stack, Text, Title } from '@mantine/core';
import { IconEye } from '@tabler/icons-react';
import type { XeroLook } from '#contract/diagnosis';
import { useMay } from '../../api/may.ts';
import { Table } from '../../table/table.tsx';
import { GuardedButton } from '../../ui/guarded-button.tsx';
import { momentText } from '../../util/dates.ts';
import { kindNames } from '../billing/kind-names.ts';

interface LookProps {
  look: {
    data?: { look: XeroLook | null } | undefined;
    isPending: boolean;
    go: () => void;
  };
}

/** Both sides side by side, as a look at Xero shows them at this moment. */
export function LookInXero({ look }: LookProps) {
  const may = useMay('documents.view');
  return (
    <Paper p="lg" component="section" aria-label="Look in Xero">
      <Stack gap="sm" align="flex-start">
        <Title order={2}>In Xero at this moment</Title>
        <Text size="sm" c="dimmed">
          Looks up the contact and counts the papers on both sides. Changes nothing; costs five
          calls, more only for thousands of papers.
        </Text>
        <GuardedButton
          variant="default"
          reason={may.reason}
          loading={look.isPending}
          leftSection={<IconEye size={16} aria-hidden />}
          onClick={look.go}
        >
          Look in Xero
        </GuardedButton>
        <div aria-live="polite" style={{ width: '100%' }}>
          {look.data && <Seen look={look.data.look} />}
        </div>
      </Stack>
    </Paper>
  );
}

function Seen({ look }: { look: XeroLook | null }) {
  if (look === null) return <Text size="sm">No Xero organisation is connected.</Text>;
  const at = `${look.organisationName}, ${momentText(look.lookedAt)}`;
  if (look.contact === null) return <Text size="sm">{at}: there is no such contact.</Text>;
  const { name, number, status, isLinked } = look.contact;
  return (
    <Stack gap="sm">
      <Text size="sm">
        {at}: the contact “{name}” is {statusWords[status] ?? status.toLowerCase()},{' '}
        {number ? `has the code ${number}` : 'has no code'} and is{' '}
        {isLinked ? 'linked' : 'not linked'} here.
      </Text>
      <Table
        label="Papers on both sides"
        rows={look.papers}
        keyOf={({ kind }) => kind}
        columns={[
          { head: 'Kind', cell: ({ kind }) => kindNames[kind] },
          { head: 'In Xero', align: 'right', cell: ({ inXero }) => <Count count={inXero} /> },
          { head: 'Here', align: 'right', cell: ({ here }) => <Count count={here} /> },
          {
            head: 'Verdict',
            cell: ({ inXero, here }) =>
              inXero === here ? 'The same' : 'Differs: press Sync now on the profile',
          },
        ]}
      />
    </Stack>
  );
}

const statusWords: Record<string, string> = {
  ACTIVE: 'active',
  ARCHIVED: 'archived',
  GDPRREQUEST: 'to be erased',
};

function Count({ count }: { count: number }) {
  return <span className="figures">{count.toLocaleString('en-AU')}</span>;
}
