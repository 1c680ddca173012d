import type { Learner } from '#contract/learners';
import { HOUR_MS } from '#platform/clock';
import type { ConnectedWorld } from './connected.ts';

/** An invoice that was read long ago: sweeps look back at it no more. Answers with its id. */
export async function raiseLongAgo(
  world: ConnectedWorld,
  contactId: string,
  unitAmount: string,
): Promise<string> {
  const { id } = world.bookkeeper.createInvoice({
    contactId,
    lines: [{ description: 'Fee', unitAmount, taxType: 'EXEMPTOUTPUT' }],
  });
  await world.pass(HOUR_MS);
  world.bookkeeper.createInvoice({
    contactId: world.bookkeeper.createContact({ Name: `Tea Bar ${id}` }).id,
    lines: [{ description: 'Tea', unitAmount: '1.00', taxType: 'EXEMPTOUTPUT' }],
  });
  await world.pass(HOUR_MS);
  return id;
}

/** Changes an invoice in Xero; `quiet` as Xero does where it moves no date and tells nobody. */
export function changeInvoice(
  { bookkeeper }: ConnectedWorld,
  id: string,
  fields: object,
  way?: 'quiet',
): void {
  const { invoices } = bookkeeper.books;
  const invoice = invoices.get(id);
  if (!invoice) throw new Error('There is no such invoice');
  invoices.put({ ...invoice, ...fields }, way);
}

/** What a learner owes, in minor units of all currencies together. */
export async function owedBy(world: ConnectedWorld, who: Learner): Promise<number> {
  const { balances } = await world.documentsOf(who.id);
  return balances.reduce((sum, balance) => sum + balance.due.amountMinor, 0);
}
