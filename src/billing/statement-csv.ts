import { stringify } from 'csv-stringify/sync';
import { formatMinor } from '#contract/money';
import { readingStoppedWords, type StatementLineKind } from '#contract/statement';
import type { Reading } from './reading-store.ts';
import type { Account, RunningLine } from './statement.ts';

export const lineNames: Record<StatementLineKind, string> = {
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

const HEAD = [
  'Organisation',
  'Currency',
  'Date',
  'What',
  'Number',
  'Reference',
  'Applied to',
  'Due date',
  'Amount',
  'Effect',
  'Balance',
  'Read from Xero',
  'Remark',
];

/**
 * Statements as the text of a CSV file (RFC 4180, with a byte order mark so that spreadsheets read
 * it as UTF-8). What people or Xero wrote and a spreadsheet would run as a formula is quoted.
 */
export function statementCsv(
  accounts: readonly Account[],
  readings: ReadonlyMap<string, Reading>,
): string {
  const rows = accounts.flatMap((account) => {
    const reading = readings.get(account.xeroOrgId);
    const who = [nameOf(account, reading), account.currency];
    const asRead = [
      reading?.readAt?.toISOString() ?? '',
      reading?.stopped ? readingStoppedWords[reading.stopped] : '',
    ];
    const opening = ['', 'Opening balance', '', '', '', '', '', ''];
    return [
      [...who, ...opening, amount(account.openingMinor, account.currency), ...asRead],
      ...account.lines.map((line) => [...who, ...cellsOf(line), ...asRead]),
    ];
  });
  return `\uFEFF${stringify([HEAD, ...rows.map((row) => row.map(harmless))], { record_delimiter: 'windows' })}`;
}

function nameOf({ isConnected }: Account, reading: Reading | undefined): string {
  const name = reading?.organisationName ?? '';
  return isConnected ? name : `${name} (no longer connected)`;
}

function cellsOf(line: RunningLine): string[] {
  const { currency, number, dueDate } = line.paper;
  return [
    line.date ?? '',
    lineNames[line.kind],
    number ?? '',
    line.reference ?? '',
    line.against ?? '',
    line.kind === 'invoice' ? (dueDate ?? '') : '',
    amount(line.amountMinor, currency),
    amount(line.effectMinor, currency),
    amount(line.balanceMinor, currency),
  ];
}

/** Plain decimal text without thousands separators, as a spreadsheet reads a number. */
function amount(minor: bigint, currency: string): string {
  return formatMinor(Number(minor), currency).replaceAll(',', '');
}

const NUMBER = /^-?\d+(\.\d+)?$/;
/** How a cell begins that a spreadsheet may run (OWASP, CSV injection). */
const FORMULA = /^[\s]*[=+\-@\t\r|]/;

/** A text that begins like a formula gets an apostrophe before it; numbers stay numbers. */
export function harmless(cell: string): string {
  return FORMULA.test(cell) && !NUMBER.test(cell) ? `'${cell}` : cell;
}
