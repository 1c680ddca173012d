import { ActRefused } from '../control/bookkeeper.ts';
import type { CreditKind } from '../control/credit-desk.ts';
import { contactPath, invoicePath } from './contact-paths.ts';
import { creditPage, creditPath, KIND_WORDS } from './credit-pages.ts';
import type { ActRoute, ShowRoute, Visit } from './visit.ts';

/** Credit by hand: made, set against invoices, paid out, taken back. */
export function creditRoutes(show: ShowRoute, act: ActRoute): void {
  show('/desk/:org/credits/:kind/:id', (visit) => {
    const kind = kindOf(visit.params.kind);
    const { books, credits } = visit.keeper();
    return creditPage(books, kind, credits.credit(kind, visit.params.id ?? ''), visit.notice);
  });
  act('/desk/:org/contacts/:id/new-credit', (visit) => {
    const kind = kindOf(visit.form.kind);
    const contact = visit.keeper().contact(visit.params.id ?? '');
    makeCredit(visit, kind, contact.id);
    return [contactPath(orgOf(visit), contact), `${KIND_WORDS[kind]} was added`];
  });
  act('/desk/:org/credits/:kind/:id/allocate', (visit) => {
    const { kind, id } = creditOf(visit);
    const invoice = visit.keeper().invoice(visit.form.invoice ?? '');
    visit.keeper().credits.allocate(kind, id, invoice.id, visit.form.amount ?? '');
    return [creditPath(orgOf(visit), kind, id), `The credit was set against ${invoice.number}`];
  });
  act('/desk/:org/credits/:kind/:id/refund', (visit) => {
    const { kind, id } = creditOf(visit);
    visit.keeper().credits.refund(kind, id, visit.form.refund ?? '');
    return [creditPath(orgOf(visit), kind, id), 'The refund was recorded'];
  });
  act('/desk/:org/credits/:kind/:id/void', (visit) => {
    const { kind, id } = creditOf(visit);
    if (kind !== 'creditNote') throw new ActRefused('Only credit notes can be voided here');
    visit.keeper().credits.voidNote(id);
    return [creditPath(orgOf(visit), kind, id), 'The credit note was voided'];
  });
  act('/desk/:org/allocations/:id/remove', (visit) => {
    const { invoiceId } = visit.keeper().credits.unallocate(visit.params.id ?? '');
    return [invoicePath(orgOf(visit), { id: invoiceId }), 'The allocation was removed'];
  });
}

function makeCredit(visit: Visit, kind: CreditKind, contactId: string): void {
  const { credits } = visit.keeper();
  const amount = visit.form.creditAmount ?? '';
  const date = visit.form.creditDate ? { date: visit.form.creditDate } : {};
  if (kind === 'overpayment') credits.receiveOverpayment({ contactId, amount, ...date });
  else if (kind === 'prepayment') credits.receivePrepayment({ contactId, amount, ...date });
  else
    credits.createNote({
      contactId,
      lines: [{ description: 'Credit', unitAmount: amount }],
      ...date,
    });
}

function creditOf(visit: Visit): { kind: CreditKind; id: string } {
  return { kind: kindOf(visit.params.kind), id: visit.params.id ?? '' };
}

function kindOf(text: string | undefined): CreditKind {
  if (text === 'creditNote' || text === 'overpayment' || text === 'prepayment') return text;
  throw new ActRefused('There is no such kind of credit');
}

function orgOf(visit: Visit): { id: string } {
  return { id: visit.params.org ?? '' };
}
