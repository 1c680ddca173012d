import { Paper, Title } from '@mantine/core';
import { IconScale } from '@tabler/icons-react';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import type { AgreementCheck } from '#contract/agreement';
import { ask, askPages } from '../../api/queries.ts';
import { Paged } from '../../table/paged.tsx';
import { type Column, Table } from '../../table/table.tsx';
import { Empty } from '../../ui/empty.tsx';
import { TextLink } from '../../ui/links.tsx';
import { Loading } from '../../ui/loading.tsx';
import { Page } from '../../ui/page.tsx';
import { ProblemAlert } from '../../ui/problem.tsx';
import { StateBadge } from '../../ui/state-badge.tsx';
import { momentText } from '../../util/dates.ts';
import { paths } from '../../util/paths.ts';
import { AgreementCard } from './AgreementCard.tsx';
import { checkLook, wayNames } from './agreement-words.ts';

const columns: Column<AgreementCheck>[] = [
  {
    head: 'When',
    cell: (check) => (
      <TextLink {...paths.agreementCheck(check.id)}>
        <span className="figures">{momentText(check.begunAt)}</span>
      </TextLink>
    ),
  },
  { head: 'Organisation', cell: (check) => check.organisationName },
  { head: 'How', cell: (check) => wayNames[check.way] },
  { head: 'Asked by', cell: (check) => check.askedBy ?? 'Each night', isMinor: true },
  { head: 'Papers', align: 'right', cell: (check) => <Figure of={check.papers} /> },
  { head: 'Differed', align: 'right', cell: (check) => <Figure of={check.differenceCount} /> },
  { head: 'Calls', align: 'right', cell: (check) => <Figure of={check.calls} />, isMinor: true },
  { head: 'Outcome', cell: (check) => <StateBadge look={checkLook(check)} /> },
];

function Figure({ of }: { of: number }) {
  return <span className="figures">{of.toLocaleString('en-AU')}</span>;
}

/** Proof that papers here and in Xero agree: now, and every comparison that was made. */
export function AgreementPage() {
  const agreements = useQuery(ask('listAgreements'));
  const checks = useInfiniteQuery(askPages('listAgreementChecks'));
  return (
    <Page
      title="Agreement"
      above={
        <TextLink {...paths.syncInbox} size="sm">
          Sync
        </TextLink>
      }
      lead="Each night the papers here are compared with Xero. What differs is named, with why, and what Xero says is taken over."
    >
      {agreements.error && !agreements.data && (
        <ProblemAlert error={agreements.error} retry={() => agreements.refetch()} />
      )}
      {agreements.isPending && <Loading rows={2} />}
      {agreements.data?.agreements.map((agreement) => (
        <AgreementCard key={agreement.xeroOrgId} agreement={agreement} />
      ))}
      <Title order={2}>Comparisons</Title>
      <Paper>
        <Paged
          query={checks}
          noun="comparisons"
          empty={
            <Empty
              icon={IconScale}
              title="Nothing compared yet"
              text="Once Xero is connected and everything has been read, the first comparison is made by itself."
            />
          }
        >
          {(items: AgreementCheck[]) => (
            <Table label="Comparisons" columns={columns} rows={items} keyOf={(one) => one.id} />
          )}
        </Paged>
      </Paper>
    </Page>
  );
}
