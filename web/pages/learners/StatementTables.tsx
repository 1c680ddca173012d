import { Box, Group, Stack, Text, Title } from '@mantine/core';
import {
  readingStoppedWords,
  type Statement,
  type StatementLine,
  type StatementLineKind,
} from '#contract/statement';
import { type Column, Table } from '../../table/table.tsx';
import { Amount } from '../../ui/amount.tsx';
import { dateText, momentText } from '../../util/dates.ts';
import { openSums } from '../billing/open-sums.ts';

const lineNames: Record<StatementLineKind, string> = {
  invoice: 'Invoice',
  'credit-note': 'Credit note',
  prepayment: 'Prepayment',
  overpayment: 'Overpayment',
  payment: 'Payment',
  refund: 'Refund',
  allocation: 'Credit applied',
  adjustment: 'Other adjustment in Xero',
  void: 'Voided',
};

interface StatementTablesProps {
  statements: Statement[];
  /** The names of organisations, where there is more than one. */
  nameOf: (xeroOrgId: string) => string | null;
}

/** Each account with its opening balance, its lines and what is owed after each. */
export function StatementTables({ statements, nameOf }: StatementTablesProps) {
  return statements.map((statement) => (
    <OneStatement
      key={`${statement.xeroOrgId} ${statement.currency}`}
      statement={statement}
      title={[nameOf(statement.xeroOrgId), statement.currency].filter(Boolean).join(' · ')}
      isNamed={statements.length > 1 || nameOf(statement.xeroOrgId) !== null}
    />
  ));
}

interface OneStatementProps {
  statement: Statement;
  title: string;
  /** Not where there is one organisation and one currency, which need no telling apart. */
  isNamed: boolean;
}

function OneStatement({ statement, title, isNamed }: OneStatementProps) {
  const rows = statement.lines.map((line, index) => ({ ...line, key: String(index) }));
  return (
    <Box style={{ borderBottom: '1px solid var(--bursar-line)' }}>
      {isNamed && (
        <Title order={2} size="h3" px="lg" pt="md">
          {title}
        </Title>
      )}
      <AsRead statement={statement} />
      <Sums statement={statement} title={title} />
      <Table
        label={`Statement in ${title}`}
        columns={columns}
        rows={rows}
        keyOf={(line) => line.key}
        isVoid={(line) => line.kind === 'void'}
      />
    </Box>
  );
}

/** When Xero was read, and why not since: what was paid after that is not here. */
function AsRead({ statement: { readAt, readingStopped } }: { statement: Statement }) {
  return (
    <Text size="sm" px="lg" pt="md" c={readingStopped ? '' : 'dimmed'}>
      {readAt ? `Read from Xero ${momentText(readAt)}.` : 'Xero was not read to the end yet.'}
      {readingStopped && ` ${readingStoppedWords[readingStopped]}`}
    </Text>
  );
}

function Sums({ statement, title }: { statement: Statement; title: string }) {
  const sums = [
    { label: 'Opening balance', money: statement.opening },
    { label: 'Closing balance', money: statement.closing },
    ...openSums('Owing now', statement),
  ];
  return (
    <Group className="sums" gap="xl" px="lg" py="md" role="group" aria-label={`Sums in ${title}`}>
      {sums.map(({ label, money }) => (
        <Stack key={label} gap={0}>
          <Text size="sm" c="dimmed">
            {label}
          </Text>
          <Amount money={money} />
        </Stack>
      ))}
    </Group>
  );
}

type Row = StatementLine & { key: string };

const columns: Column<Row>[] = [
  { head: 'What', cell: (line) => <What line={line} /> },
  {
    head: 'Date',
    cell: (line) => line.date && <span className="figures">{dateText(line.date)}</span>,
  },
  {
    head: 'Due date',
    isMinor: true,
    cell: (line) => line.dueDate && <span className="figures">{dateText(line.dueDate)}</span>,
  },
  { head: 'Amount', align: 'right', cell: (line) => <Amount money={line.amount} /> },
  { head: 'Effect', align: 'right', isMinor: true, cell: (line) => <Amount money={line.effect} /> },
  { head: 'Balance', align: 'right', cell: (line) => <Amount money={line.balance} /> },
];

function What({ line }: { line: Row }) {
  return (
    <>
      {lineNames[line.kind]} {line.number && <span className="figures">{line.number}</span>}
      {line.against && (
        <>
          {' to '}
          <span className="figures">{line.against}</span>
        </>
      )}
      {line.reference && (
        <Text span size="sm" c="dimmed">
          {' '}
          {line.reference}
        </Text>
      )}
    </>
  );
}
