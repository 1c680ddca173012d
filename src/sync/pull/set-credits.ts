import { sql } from 'kysely';
import type { DocumentKind } from '#contract/billing';
import type { Tx } from '#platform/database';
import { minorOf, type WireInvoice, type WireSetCredit } from '#xero/index';
import type { LaneRun } from '../lane/lane-run.ts';
import { cursorsOf, RESOURCE_OF, type Resource } from './cursor-store.ts';
import { type Notice, storeNotices } from './notice-store.ts';

/**
 * An invoice lists the credits that are set against it, and is often heard of hours before they are.
 * Those of which our copies say something else have changed too, so they are asked about; where both
 * say the same it costs no call. The caller hands over invoices that are news alone: whatever goes on
 * to differ is asked about once for each change of the invoice.
 */
export async function askAboutSetCredits(
  run: LaneRun,
  tx: Tx,
  invoices: readonly WireInvoice[],
): Promise<void> {
  const { scope, xeroOrgId } = run;
  if (invoices.length === 0) return;
  const ours = await setHere(run, tx, invoices);
  const notices = invoices.flatMap((invoice) =>
    differing(setInXero(invoice), ours.get(invoice.InvoiceID) ?? new Map()).map(
      // Dated by the invoice: a credit that was read as it is since then has nothing to tell.
      (credit): Notice => ({ ...credit, eventAt: invoice.updatedAt ?? run.now() }),
    ),
  );
  if (notices.length === 0) return;
  const isToCome = await readingToCome(run, tx);
  const asked = notices.filter(({ kind }) => !isToCome.has(RESOURCE_OF[kind]));
  await storeNotices(tx, scope.providerId, xeroOrgId, asked, run.now());
}

interface SetCredit {
  kind: DocumentKind;
  resourceId: string;
  amountMinor: bigint;
}

/** What credits give to one invoice, by the credit: each may be set against it more than once. */
type ByCredit = ReadonlyMap<string, SetCredit>;

function setInXero({ credits, CurrencyCode }: WireInvoice): ByCredit {
  return byCredit(
    credits.map(({ kind, creditId, AppliedAmount }: WireSetCredit) => ({
      kind,
      resourceId: creditId,
      amountMinor: minorOf(AppliedAmount, CurrencyCode),
    })),
  );
}

async function setHere(
  { scope, xeroOrgId }: LaneRun,
  tx: Tx,
  invoices: readonly WireInvoice[],
): Promise<ReadonlyMap<string, ByCredit>> {
  const ids = invoices.map((invoice) => invoice.InvoiceID);
  const rows = await tx
    .selectFrom('allocations')
    .innerJoin('documents', 'documents.id', 'allocations.document_id')
    .select(['allocations.invoice_xero_id', 'allocations.amount_minor'])
    .select(['documents.kind', 'documents.xero_id'])
    .where('allocations.provider_id', '=', scope.providerId)
    .where('allocations.xero_org_id', '=', xeroOrgId)
    .where('allocations.invoice_xero_id', '=', sql<string>`any(${ids}::uuid[])`)
    .execute();
  const byInvoice = Map.groupBy(rows, (row) => row.invoice_xero_id);
  return new Map(
    [...byInvoice].map(([id, set]) => [
      id,
      byCredit(
        set.map((row) => ({
          kind: row.kind as DocumentKind,
          resourceId: row.xero_id,
          amountMinor: row.amount_minor,
        })),
      ),
    ]),
  );
}

function byCredit(set: readonly SetCredit[]): ByCredit {
  const sums = new Map<string, SetCredit>();
  for (const { kind, resourceId, amountMinor } of set) {
    const before = sums.get(resourceId)?.amountMinor ?? 0n;
    sums.set(resourceId, { kind, resourceId, amountMinor: before + amountMinor });
  }
  return sums;
}

function differing(inXero: ByCredit, here: ByCredit): Pick<SetCredit, 'kind' | 'resourceId'>[] {
  return [...new Map([...here, ...inXero]).values()]
    .filter(({ resourceId: id }) => inXero.get(id)?.amountMinor !== here.get(id)?.amountMinor)
    .map(({ kind, resourceId }) => ({ kind, resourceId }));
}

/** What was not read whole yet: all of it is to come anyway. */
async function readingToCome(
  { scope, xeroOrgId }: LaneRun,
  tx: Tx,
): Promise<ReadonlySet<Resource>> {
  const cursors = await cursorsOf(tx, scope, xeroOrgId);
  const toCome = cursors.filter((cursor) => cursor.readUntil === null);
  return new Set(toCome.map(({ resource }) => resource));
}
