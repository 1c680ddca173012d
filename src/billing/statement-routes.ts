import type { z } from 'zod';
import {
  STATEMENT_LINES_MAX,
  type Statement,
  type StatementLine,
  statementRoutes,
} from '#contract/statement';
import type { Tx } from '#platform/database';
import { type Endpoint, endpoint } from '#platform/http';
import type { Scope } from '#platform/scope';
import type { BillingDeps } from './billing.ts';
import { todayOf } from './document-routes.ts';
import { statementPapers } from './document-store.ts';
import { requireParty, type Whose } from './party-name-store.ts';
import { toMoney } from './present-document.ts';
import { formerOrganisations, type Reading, readingsOf } from './reading-store.ts';
import { type Account, type Period, type RunningLine, statementsOf } from './statement.ts';
import { statementCsv } from './statement-csv.ts';

/**
 * The statements of a learner or a workplace, one for each organisation and currency, and the same
 * as a CSV file; read as of one moment.
 */
export function statementEndpoints(deps: BillingDeps): Endpoint[] {
  const { database } = deps;
  const statement = (scope: Scope, whose: Whose, period: Period) =>
    database.asReader(scope.providerId, async (tx) => {
      const { today, accounts, readings } = await accountsOf(deps, tx, scope, whose, period);
      const statements = accounts.map((one) => presentAccount(one, readings.get(one.xeroOrgId)));
      return { asOf: today, statements };
    });
  const csv = (scope: Scope, whose: Whose, period: Period) =>
    database.asReader(scope.providerId, async (tx) => {
      const { name, today, ...found } = await accountsOf(deps, tx, scope, whose, period);
      return {
        fileName: `statement-${plain(name) || whose.partyKind}-${today}.csv`,
        text: statementCsv(found.accounts, found.readings),
      };
    });
  return [
    endpoint(statementRoutes.learnerStatement, ({ scope, params, query }) =>
      statement(scope, { partyKind: 'learner', partyId: params.learnerId }, query),
    ),
    endpoint(statementRoutes.learnerStatementCsv, ({ scope, params, query }) =>
      csv(scope, { partyKind: 'learner', partyId: params.learnerId }, query),
    ),
    endpoint(statementRoutes.workplaceStatement, ({ scope, params, query }) =>
      statement(scope, { partyKind: 'workplace', partyId: params.workplaceId }, query),
    ),
    endpoint(statementRoutes.workplaceStatementCsv, ({ scope, params, query }) =>
      csv(scope, { partyKind: 'workplace', partyId: params.workplaceId }, query),
    ),
  ];
}

interface StatedAccounts {
  name: string;
  today: string;
  accounts: Account[];
  readings: ReadonlyMap<string, Reading>;
}

async function accountsOf(
  deps: BillingDeps,
  tx: Tx,
  scope: Scope,
  whose: Whose,
  period: Period,
): Promise<StatedAccounts> {
  const name = await requireParty(tx, scope, whose);
  const today = await todayOf(deps, tx, scope);
  const papers = await statementPapers(tx, scope, whose.partyId);
  const former = await formerOrganisations(tx, scope);
  const wish = { period, today, linesMax: STATEMENT_LINES_MAX, former };
  const readings = await readingsOf(tx, scope, whose.partyId, deps.clock.now());
  return { name, today, accounts: statementsOf(papers, wish), readings };
}

function presentAccount(account: Account, reading: Reading | undefined): z.input<typeof Statement> {
  const money = (minor: bigint) => toMoney(minor, account.currency);
  return {
    xeroOrgId: account.xeroOrgId,
    isConnected: account.isConnected,
    readAt: reading?.readAt?.toISOString() ?? null,
    readingStopped: reading?.stopped ?? null,
    currency: account.currency,
    opening: money(account.openingMinor),
    lines: account.lines.map(presentLine),
    closing: money(account.closingMinor),
    due: money(account.dueMinor),
    overdue: money(account.overdueMinor),
    credit: money(account.creditMinor),
  };
}

function presentLine(line: RunningLine): z.input<typeof StatementLine> {
  const { paper } = line;
  const money = (minor: bigint) => toMoney(minor, paper.currency);
  return {
    date: line.date,
    kind: line.kind,
    documentId: paper.id,
    number: paper.number,
    reference: line.reference,
    against: line.against,
    dueDate: line.kind === 'invoice' ? paper.dueDate : null,
    amount: money(line.amountMinor),
    effect: money(line.effectMinor),
    balance: money(line.balanceMinor),
  };
}

/** A name that any file system takes. */
function plain(name: string): string {
  return name
    .normalize('NFKD')
    .replace(/[^A-Za-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .toLowerCase();
}
