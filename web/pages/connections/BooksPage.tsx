import { Button, Paper, Stack, Text, Title } from '@mantine/core';
import { IconBook, IconCheck, IconMinus, IconRefresh } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import type { BookSettings, Books } from '#contract/books';
import { useAction } from '../../api/actions.ts';
import { ask } from '../../api/queries.ts';
import { type Column, Table } from '../../table/table.tsx';
import { Changes } from '../../ui/changes.tsx';
import { Empty } from '../../ui/empty.tsx';
import { type Fact, Facts } from '../../ui/facts.tsx';
import { TextLink } from '../../ui/links.tsx';
import { Loading } from '../../ui/loading.tsx';
import { Page } from '../../ui/page.tsx';
import { ProblemAlert } from '../../ui/problem.tsx';
import { StateBadge } from '../../ui/state-badge.tsx';
import { countryText } from '../../util/countries.ts';
import { dateText, momentText } from '../../util/dates.ts';
import { paths } from '../../util/paths.ts';

/** How a connected organisation's books are set up in Xero, and what changed there lately. */
export function BooksPage() {
  const { connectionId } = useParams({
    from: '/app/settings/connected-apps/$connectionId/books',
  });
  const params = { connectionId };
  const books = useQuery(ask('getBooks', { params }));
  const read = useAction('readBooksNow');
  const isReading = read.isPending || books.data?.isBeingRead === true;
  return (
    <Page
      title="Settings of the books"
      above={
        <TextLink {...paths.connectedApps} size="sm">
          Connected Apps
        </TextLink>
      }
      lead={books.data && <Lead books={books.data} />}
      actions={
        <Button
          variant="default"
          loading={isReading}
          leftSection={<IconRefresh size={16} aria-hidden />}
          onClick={() => read.mutate({ params })}
        >
          Read settings now
        </Button>
      }
    >
      {books.error && !books.data && (
        <ProblemAlert error={books.error} retry={() => books.refetch()} />
      )}
      {books.isPending && <Loading />}
      {books.data && !books.data.settings && (
        <Paper>
          <Empty
            icon={IconBook}
            title="Not read yet"
            text="The settings are read from Xero within moments of connecting, and stand here then."
          />
        </Paper>
      )}
      {books.data?.settings && <Settings books={books.data} settings={books.data.settings} />}
    </Page>
  );
}

function Lead({ books }: { books: Books }) {
  return (
    <>
      {books.organisationName}, as it is set up in Xero. Nothing is changed from here; it is read
      once a day{books.readAt && <>, last on {momentText(books.readAt)}</>}.
    </>
  );
}

function Settings({ books, settings }: { books: Books; settings: BookSettings }) {
  return (
    <Stack gap="xl">
      <Paper p="lg">
        <Facts columns={4} facts={factsOf(settings)} />
      </Paper>
      {books.changes.length > 0 && (
        <Part title="Changed in Xero">
          <Stack p="lg">
            {books.changes.map((change) => (
              <Stack key={change.at} gap={4}>
                <Text size="sm" fw={600}>
                  {momentText(change.at)}
                </Text>
                <Changes changes={change.changes} />
              </Stack>
            ))}
          </Stack>
        </Part>
      )}
      <Part title="Currencies">
        <Table
          label="Currencies"
          columns={currencyColumns}
          rows={settings.currencies}
          keyOf={(currency) => currency.code}
        />
      </Part>
      <Part title="Tax rates">
        <Table
          label="Tax rates"
          columns={rateColumns}
          rows={settings.taxRates}
          keyOf={(rate) => rate.taxType}
        />
      </Part>
      <Part title="Accounts">
        <Table
          label="Accounts"
          columns={accountColumns}
          rows={settings.accounts}
          keyOf={(account) => account.accountId}
        />
      </Part>
    </Stack>
  );
}

function Part({ title, children }: { title: string; children: React.ReactNode }) {
  return (
    <Stack gap="sm">
      <Title order={2}>{title}</Title>
      <Paper>{children}</Paper>
    </Stack>
  );
}

function factsOf(settings: BookSettings): Fact[] {
  const day = (date: string | null) => (date ? dateText(date) : 'None');
  return [
    { label: 'Name', value: settings.name },
    { label: 'Legal name', value: settings.legalName },
    { label: 'Country', value: countryText(settings.country) },
    { label: 'Base currency', value: settings.baseCurrency },
    { label: 'Closed up to', value: day(settings.periodLockDate) },
    { label: 'Year closed up to', value: day(settings.endOfYearLockDate) },
    {
      label: 'Sales tax basis',
      value: settings.salesTaxBasis && ordinaryCase(settings.salesTaxBasis),
    },
    { label: 'Tax number', value: settings.taxNumber },
  ];
}

const currencyColumns: Column<BookSettings['currencies'][number]>[] = [
  { head: 'Code', cell: ({ code }) => <span className="figures">{code}</span> },
  { head: 'Name', cell: ({ name }) => name },
];

const rateColumns: Column<BookSettings['taxRates'][number]>[] = [
  { head: 'Name', cell: ({ name }) => name },
  { head: 'Type', cell: ({ taxType }) => <span className="figures">{taxType}</span> },
  { head: 'Percent', align: 'right', cell: ({ rate }) => <span className="figures">{rate}</span> },
  { head: 'For sales', cell: ({ forSales }) => (forSales ? 'Yes' : 'No') },
  { head: 'State', cell: ({ status }) => <State status={status} /> },
];

const accountColumns: Column<BookSettings['accounts'][number]>[] = [
  { head: 'Name', cell: ({ name }) => name },
  { head: 'Code', cell: ({ code }) => <span className="figures">{code}</span> },
  { head: 'Type', cell: ({ type }) => ordinaryCase(type) },
  { head: 'Takes payments', cell: ({ takesPayments }) => (takesPayments ? 'Yes' : 'No') },
  { head: 'State', cell: ({ status }) => <State status={status} /> },
];

function State({ status }: { status: string }) {
  const isActive = status === 'ACTIVE';
  const look = isActive
    ? ({ colour: 'moss', icon: IconCheck } as const)
    : ({ colour: 'gray', icon: IconMinus } as const);
  return <StateBadge look={{ ...look, word: ordinaryCase(status) }} />;
}

/** Xero's own words come in capitals: `ACCRUALS` is "Accruals". */
function ordinaryCase(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1).toLowerCase();
}
