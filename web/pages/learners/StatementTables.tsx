import { Box, Group, Stack, Text, Title } from '@mantine/core';
import type { Statement, StatementLine, StatementLineKind } from '#contract/statement';
import { type Column, Table } from '../../table/table.tsx';
import { Amount } from '../../ui/amount.tsx';
import { dateText } from '../../util/dates.ts';

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
      isAlone={statements.length === 1}
    />
  ));
}

interface OneStatementProps {
  statement: Statement;
  title: string;
  isAlone: boolean;
}

function OneStatement({ statement, title, isAlone }: OneStatementProps) {
  const rows = statement.lines.map((line, index) => ({ ...line, key: String(index) }));
  return (
    <Box style={{ borderBottom: '1px solid var(--bursar-line)' }}>
      {!isAlone && (
        <Title order={3} px="lg" pt="md">
          {title}
        </Title>
      )}
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

function Sums({ statement, title }: { statement: Statement; title: string }) {
  const sums = [
    { label: 'Opening balance', money: statement.opening },
    { label: 'Closing balance', money: statement.closing },
    { label: 'Owing now', money: statement.due },
    { label: 'Of it overdue', money: statement.overdue },
    { label: 'Credit available', money: statement.credit },
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
