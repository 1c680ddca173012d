import type { z } from 'zod';
import type { LearnerId } from '#contract/ids';
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
import { requireLearner, todayOf } from './document-routes.ts';
import { statementPapers } from './document-store.ts';
import { learnerNames } from './learner-name-store.ts';
import { organisationNames } from './organisation-name-store.ts';
import { toMoney } from './present-document.ts';
import { type Account, type Period, type RunningLine, statementsOf } from './statement.ts';
import { statementCsv } from './statement-csv.ts';

export function statementEndpoints(deps: BillingDeps): Endpoint[] {
  const { database } = deps;
  return [
    endpoint(statementRoutes.learnerStatement, ({ scope, params, query }) =>
      database.asProvider(scope.providerId, async (tx) => {
        const { today, accounts } = await accountsOf(deps, tx, scope, params.learnerId, query);
        return { asOf: today, statements: accounts.map(presentAccount) };
      }),
    ),

    endpoint(statementRoutes.learnerStatementCsv, ({ scope, params, query }) =>
      database.asProvider(scope.providerId, async (tx) => {
        const { learnerId } = params;
        const { today, accounts } = await accountsOf(deps, tx, scope, learnerId, query);
        const names = await learnerNames(tx, scope, [learnerId]);
        return {
          fileName: `statement-${plain(names.get(learnerId) ?? 'learner')}-${today}.csv`,
          text: statementCsv(accounts, await organisationNames(tx, scope)),
        };
      }),
    ),
  ];
}

async function accountsOf(
  deps: BillingDeps,
  tx: Tx,
  scope: Scope,
  learnerId: LearnerId,
  period: Period,
): Promise<{ today: string; accounts: Account[] }> {
  await requireLearner(tx, scope, learnerId);
  const today = await todayOf(deps, tx, scope);
  const papers = await statementPapers(tx, scope, learnerId);
  const accounts = statementsOf(papers, { period, today, linesMax: STATEMENT_LINES_MAX });
  return { today, accounts };
}

function presentAccount(account: Account): z.input<typeof Statement> {
  const money = (minor: bigint) => toMoney(minor, account.currency);
  return {
    xeroOrgId: account.xeroOrgId,
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
