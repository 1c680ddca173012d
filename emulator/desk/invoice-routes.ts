import type { Document } from '../accounting/model.ts';
import type { LineEntry } from '../control/bookkeeper.ts';
import { invoicePath } from './contact-paths.ts';
import { creditPath } from './credit-pages.ts';
import { FORM_LINES, invoicePage, invoicesPage, newInvoicePage } from './invoice-pages.ts';
import {
  type ActRoute,
  contactOf,
  type Outcome,
  type Params,
  type ShowRoute,
  type Visit,
} from './visit.ts';

/** Invoices and bills by hand, and the payments of every kind of paper. */
export function invoiceRoutes(show: ShowRoute, act: ActRoute, today: () => string): void {
  show('/desk/:org/invoices', ({ keeper, query, notice }) =>
    invoicesPage(keeper().books, query.search ?? '', notice),
  );
  show('/desk/:org/contacts/:id/new-invoice', (visit) =>
    newInvoicePage(
      visit.keeper().books,
      contactOf(visit),
      visit.query.type === 'ACCPAY' ? 'ACCPAY' : 'ACCREC',
      today(),
      visit.notice,
    ),
  );
  show('/desk/:org/invoices/:id', (visit) =>
    invoicePage(
      visit.keeper().books,
      visit.keeper().invoice(visit.params.id ?? ''),
      today(),
      visit.notice,
    ),
  );
  act('/desk/:org/contacts/:id/new-invoice', raiseInvoice);
  act('/desk/:org/invoices/:id/approve', (visit) => {
    const invoice = visit.keeper().approve(visit.params.id ?? '');
    return [backToInvoice(visit, invoice), `${nameOf(invoice)} was approved`];
  });
  act('/desk/:org/invoices/:id/void', (visit) => {
    const invoice = visit.keeper().void(visit.params.id ?? '');
    return [backToInvoice(visit, invoice), `${nameOf(invoice)} was voided`];
  });
  act('/desk/:org/invoices/:id/delete', (visit) => {
    const invoice = visit.keeper().deleteDraft(visit.params.id ?? '');
    return [backToInvoice(visit, invoice), `Draft ${invoice.number} was deleted`];
  });
  act('/desk/:org/invoices/:id/pay', (visit) => {
    const { form } = visit;
    const invoice = visit.keeper().invoice(visit.params.id ?? '');
    visit.keeper().pay(invoice.id, {
      amount: form.amount ?? '',
      ...(form.date ? { date: form.date } : {}),
      ...(form.account ? { accountCode: form.account } : {}),
    });
    return [backToInvoice(visit, invoice), `The payment was recorded`];
  });
  act('/desk/:org/payments/:id/delete', (visit) => {
    const { docKind, docId } = visit.keeper().deletePayment(visit.params.id ?? '');
    const organisation = { id: visit.params.org ?? '' };
    const back =
      docKind === 'invoice'
        ? invoicePath(organisation, { id: docId })
        : creditPath(organisation, docKind, docId);
    return [back, 'The payment was deleted'];
  });
}

function raiseInvoice(visit: Visit): Outcome {
  const { form, keeper } = visit;
  const invoice = keeper().createInvoice({
    contactId: contactOf(visit).id,
    type: form.type === 'ACCPAY' ? 'ACCPAY' : 'ACCREC',
    status: form.status === 'AUTHORISED' ? 'AUTHORISED' : 'DRAFT',
    lines: linesOf(form),
    lineAmountTypes:
      form.lineAmountTypes === 'Inclusive' || form.lineAmountTypes === 'NoTax'
        ? form.lineAmountTypes
        : 'Exclusive',
    ...(form.number ? { number: form.number } : {}),
    ...(form.date ? { date: form.date } : {}),
    ...(form.dueDate ? { dueDate: form.dueDate } : {}),
    ...(form.reference ? { reference: form.reference } : {}),
  });
  const done = invoice.status === 'AUTHORISED' ? 'was approved' : 'was saved as a draft';
  return [backToInvoice(visit, invoice), `${nameOf(invoice)} ${done}`];
}

function nameOf({ type, number }: Document): string {
  return `${type === 'ACCPAY' ? 'Bill' : 'Invoice'} ${number || 'without number'}`;
}

function linesOf(form: Params): LineEntry[] {
  const lines: LineEntry[] = [];
  for (let i = 1; i <= FORM_LINES; i++) {
    const description = form[`line${i}-description`]?.trim();
    const unitAmount = form[`line${i}-unitAmount`];
    if (!description && !unitAmount) continue;
    const taxType = form[`line${i}-tax`];
    lines.push({
      description: description ?? '',
      quantity: form[`line${i}-quantity`] || 1,
      unitAmount: unitAmount || 0,
      accountCode: form[`line${i}-account`] ?? '',
      ...(taxType ? { taxType } : {}),
    });
  }
  return lines;
}

function backToInvoice(visit: Visit, invoice: Document): string {
  return invoicePath({ id: visit.params.org ?? '' }, invoice);
}
