import { announce } from '#platform/live-updates';
import { ROWS_PER_PAGE, type WireInvoice, XeroDownError, XeroRefusedError } from '#xero/index';
import type { LaneRun } from '../lane/lane-run.ts';
import { candidatesToCount, endCounting, keepCounts } from './invoice-count-store.ts';

/** Contacts a call: fifty ids and what is asked of them make an address of nearly what Xero takes. */
const CONTACTS_PER_CALL = 40;
/** What Xero keeps of an invoice that nobody owes any more. */
const GONE: readonly string[] = ['VOIDED', 'DELETED'];

/**
 * Counts the invoices of contacts between which a person has to choose: of two of one name the one
 * with a dozen is mostly the learner. One step, as many contacts as a call asks about. Whatever
 * can't be counted is told of nobody; it decides nothing, so nothing is tried twice.
 */
export async function countInvoices(run: LaneRun): Promise<void> {
  const { scope, xeroOrgId } = run;
  const wish = await run.record(async (tx) => {
    const wanted = await candidatesToCount(tx, scope, xeroOrgId);
    if (wanted?.contactIds.length !== 0) return wanted;
    await endCounting(tx, scope, xeroOrgId, wanted.version);
    return null;
  });
  if (wish === null) return;
  const some = wish.contactIds.slice(0, CONTACTS_PER_CALL);
  const { invoices, calls } = await askFor(run, some, wish.callsLeft);
  await run.record(async (tx) => {
    await keepCounts(tx, scope, xeroOrgId, { invoices, calls, now: run.now() });
    await announce(tx, scope.providerId, 'sync', []);
  });
}

interface Counted {
  /** Empty where not all pages could be had: a part is not told for the whole. */
  invoices: ReadonlyMap<string, number>;
  /** Of those that are left. */
  calls: number;
}

async function askFor(
  run: LaneRun,
  contactIds: readonly string[],
  callsLeft: number,
): Promise<Counted> {
  const client = run.client('background');
  const invoices = new Map(contactIds.map((id) => [id, 0]));
  const givenUp = { invoices: new Map(), calls: callsLeft };
  for (let page = 1; page <= callsLeft; page += 1) {
    try {
      const query = { contactIds, page, pageSize: ROWS_PER_PAGE, isSummary: true };
      const { rows, unreadable, pageCount } = await client.invoices(query);
      if (unreadable.length > 0) return givenUp;
      for (const id of rows.flatMap(contactOf)) invoices.set(id, (invoices.get(id) ?? 0) + 1);
      if (page >= pageCount) return { invoices, calls: page };
    } catch (error) {
      const isTooMuch = error instanceof XeroDownError && error.isTooMuch;
      if (!(error instanceof XeroRefusedError) && !isTooMuch) throw error;
      return givenUp;
    }
  }
  return givenUp;
}

/** Whose invoice it is, if it is one of sales that stands. */
function contactOf({ Type, Status, Contact }: WireInvoice): string[] {
  return Type === 'ACCREC' && !GONE.includes(Status) ? [Contact.ContactID] : [];
}
