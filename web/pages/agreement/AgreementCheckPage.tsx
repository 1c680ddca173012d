import { Alert, Paper, Stack, Text, Title } from '@mantine/core';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import type { AgreementCheck, AgreementDifference, AgreementSum } from '#contract/agreement';
import { ask, askPages } from '../../api/queries.ts';
import { Paged } from '../../table/paged.tsx';
import { type Column, Table } from '../../table/table.tsx';
import { Amount } from '../../ui/amount.tsx';
import { Facts } from '../../ui/facts.tsx';
import { TextLink } from '../../ui/links.tsx';
import { Loading } from '../../ui/loading.tsx';
import { Page } from '../../ui/page.tsx';
import { PartyLink } from '../../ui/party-link.tsx';
import { ProblemAlert } from '../../ui/problem.tsx';
import { StateBadge } from '../../ui/state-badge.tsx';
import { documentLooks } from '../../ui/states.ts';
import { momentText } from '../../util/dates.ts';
import { paths } from '../../util/paths.ts';
import { kindNames } from '../billing/kind-names.ts';
import { checkLook, wayNames } from './agreement-words.ts';

/** One comparison: what differed and why, and what both sides add up to. */
export function AgreementCheckPage() {
  const { checkId } = useParams({ from: '/app/sync/agreement/$checkId' });
  const found = useQuery(ask('getAgreementCheck', { params: { checkId } }));
  const check = found.data?.check;
  return (
    <Page
      title={check ? `Comparison of ${momentText(check.begunAt)}` : 'Comparison'}
      beside={check && <StateBadge look={checkLook(check)} />}
      above={
        <TextLink {...paths.agreement} size="sm">
          Agreement
        </TextLink>
      }
    >
      {found.error && !found.data && (
        <ProblemAlert error={found.error} retry={() => found.refetch()} />
      )}
      {found.isPending && <Loading />}
      {found.data && (
        <>
          <CheckFacts check={found.data.check} />
          <Differences check={found.data.check} differences={found.data.differences} />
          {found.data.check.finishedAt !== null && <Sums checkId={checkId} />}
        </>
      )}
    </Page>
  );
}

function CheckFacts({ check }: { check: AgreementCheck }) {
  return (
    <Paper p="lg">
      <Facts
        columns={5}
        facts={[
          { label: 'Organisation', value: check.organisationName },
          { label: 'How', value: wayNames[check.way] },
          { label: 'Papers', value: check.papers.toLocaleString('en-AU') },
          { label: 'Calls to Xero', value: check.calls },
          { label: 'Asked by', value: check.askedBy ?? 'Each night' },
        ]}
      />
    </Paper>
  );
}

const differenceColumns: Column<AgreementDifference>[] = [
  {
    head: 'Paper',
    cell: ({ kind, number }) => `${kindNames[kind]}${number ? ` ${number}` : ''}`,
  },
  {
    head: 'Whose',
    cell: (one) => (one.learnerId || one.workplaceId ? <PartyLink party={one} /> : 'Nobody here'),
  },
  { head: 'Why', cell: ({ why }) => why },
  { head: 'Open here', align: 'right', cell: ({ ours }) => (ours ? <Amount money={ours} /> : '–') },
  {
    head: 'Open in Xero',
    align: 'right',
    cell: ({ theirs }) => (theirs ? <Amount money={theirs} /> : '–'),
  },
  { head: 'Now', cell: ({ isMended }) => (isMended ? 'Taken over' : 'Still differs') },
];

interface DifferencesProps {
  check: AgreementCheck;
  differences: readonly AgreementDifference[];
}

function Differences({ check, differences }: DifferencesProps) {
  if (check.finishedAt === null) {
    return <Alert color="petrol">Both sides are being compared; this page renews itself.</Alert>;
  }
  if (differences.length === 0) {
    return <Text>Nothing differed.</Text>;
  }
  return (
    <>
      <Title order={2}>What differed</Title>
      <Paper>
        <Table
          label="What differed"
          columns={differenceColumns}
          rows={differences}
          keyOf={(one) => `${one.kind} ${one.xeroId}`}
        />
      </Paper>
      {check.differenceCount > differences.length && (
        <Text size="sm" c="dimmed">
          The first {differences.length} of {check.differenceCount}.
        </Text>
      )}
    </>
  );
}

const sumColumns: Column<AgreementSum>[] = [
  {
    head: 'Whose',
    cell: (sum) => <PartyLink party={sum} />,
  },
  { head: 'Kind', cell: (sum) => kindNames[sum.kind] },
  { head: 'Status', cell: (sum) => <StateBadge look={documentLooks[sum.status]} /> },
  {
    head: 'Here',
    align: 'right',
    cell: (sum) => <span className="figures">{sum.ours.count}</span>,
  },
  { head: 'Total here', align: 'right', cell: (sum) => <Amount money={sum.ours.total} /> },
  { head: 'Open here', align: 'right', cell: (sum) => <Amount money={sum.ours.due} /> },
  {
    head: 'In Xero',
    align: 'right',
    cell: (sum) => <span className="figures">{sum.theirs.count}</span>,
  },
  { head: 'Total in Xero', align: 'right', cell: (sum) => <Amount money={sum.theirs.total} /> },
  { head: 'Open in Xero', align: 'right', cell: (sum) => <Amount money={sum.theirs.due} /> },
  { head: 'Equal', cell: (sum) => (sum.isEqual ? 'Yes' : 'No') },
];

function Sums({ checkId }: { checkId: string }) {
  const sums = useInfiniteQuery(askPages('listAgreementSums', { params: { checkId } }));
  const keyOf = (sum: AgreementSum) =>
    `${sum.learnerId ?? sum.workplaceId} ${sum.kind} ${sum.status} ${sum.ours.total.currency}`;
  return (
    <>
      <Stack gap={4}>
        <Title order={2}>Sums by learner and workplace</Title>
        <Text size="sm" c="dimmed">
          Papers of contacts that nobody here is linked to are compared too, and are in no sum.
        </Text>
      </Stack>
      <Paper>
        <Paged query={sums} noun="lines" empty={<NoSums />}>
          {(items: AgreementSum[]) => (
            <Table label="Sums by learner" columns={sumColumns} rows={items} keyOf={keyOf} />
          )}
        </Paged>
      </Paper>
    </>
  );
}

function NoSums() {
  return (
    <Text p="lg">
      Nobody here had papers, or more than ten comparisons were made since: then only what differed
      is kept.
    </Text>
  );
}
