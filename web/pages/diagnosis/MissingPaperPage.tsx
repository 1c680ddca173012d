import { Anchor, Button, Group, Paper, Stack, Text, TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { type FormEvent, useState } from 'react';
import type { FoundPaper, PaperFate } from '#contract/diagnosis';
import { useAction } from '../../api/actions.ts';
import { useMay } from '../../api/may.ts';
import { TextLink } from '../../ui/links.tsx';
import { NotAllowed } from '../../ui/not-allowed.tsx';
import { Page } from '../../ui/page.tsx';
import { PartyLink } from '../../ui/party-link.tsx';
import { ProblemAlert } from '../../ui/problem.tsx';
import { paths } from '../../util/paths.ts';
import { kindNames } from '../billing/kind-names.ts';

/** Where an invoice or credit note is that somebody misses, as Xero says at this moment. */
export function MissingPaperPage() {
  const may = useMay('documents.view');
  return (
    <Page
      title="Find a missing invoice"
      above={
        <TextLink {...paths.invoices} size="sm">
          Invoices
        </TextLink>
      }
      lead="Type the number as it stands in Xero. Every connected organisation is asked, and you read what keeps it from the learner."
      width={760}
    >
      {may.allowed ? (
        <Search />
      ) : (
        <Paper>
          <NotAllowed title="Invoices are not shown to you" reason={may.reason} />
        </Paper>
      )}
    </Page>
  );
}

function Search() {
  const [number, setNumber] = useState('');
  const find = useAction('findPaper', { failure: 'inline' });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (number.trim() !== '') find.mutate({ body: { number } });
  };
  return (
    <>
      <form onSubmit={submit}>
        <Group align="flex-end">
          <TextInput
            label="Invoice or credit note number"
            value={number}
            onChange={(event) => setNumber(event.currentTarget.value)}
            maxLength={255}
            style={{ flex: '1 1 240px' }}
          />
          <Button
            type="submit"
            loading={find.isPending}
            leftSection={<IconSearch size={16} aria-hidden />}
          >
            Find
          </Button>
        </Group>
      </form>
      <Stack aria-live="polite">
        {find.error ? <ProblemAlert error={find.error} /> : null}
        {find.data?.found.map((paper) => (
          <Found key={`${paper.xeroOrgId} ${paper.kind} ${paper.contactName}`} paper={paper} />
        ))}
        {find.data?.found.length === 0 && (
          <Text size="sm">No Xero organisation is connected, so nothing could be asked.</Text>
        )}
      </Stack>
    </>
  );
}

const fateWords: Record<PaperFate, string> = {
  here: 'It is here already.',
  fetched: 'It is in Xero on a linked contact and had not arrived. It is being fetched now.',
  stranger:
    'It is in Xero, but on a contact that nobody here is linked to. Move it to the right contact in Xero, or link that contact to its learner.',
  purchase: 'It is a purchase, not a sale. Bills and suppliers’ credits stay in Xero.',
  unknown: 'There is no invoice or credit note of this number.',
};

function Found({ paper }: { paper: FoundPaper }) {
  const { fate, kind, number, organisationName, contactName, contactUrl, partyName } = paper;
  const party = { ...paper, learnerName: partyName, workplaceName: partyName };
  return (
    <Paper p="lg">
      <Stack gap={4}>
        <Text fw={600} className="figures">
          {kind ? `${kindNames[kind]} ${number}` : number}
        </Text>
        <Text size="sm" c="dimmed">
          {organisationName}
          {contactName && `, contact ${contactName}`}
        </Text>
        <Text size="sm">{fateWords[fate]}</Text>
        <Group gap="md">
          <PartyLink party={party} />
          {contactUrl && fate === 'stranger' && (
            <Anchor href={contactUrl} target="_blank" rel="noreferrer" size="sm">
              Contact in Xero
            </Anchor>
          )}
        </Group>
      </Stack>
    </Paper>
  );
}
