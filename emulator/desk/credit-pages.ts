import type { Books } from '../accounting/books.ts';
import { outstanding } from '../accounting/ledger.ts';
import type { Contact, Document, Organisation } from '../accounting/model.ts';
import type { CreditKind } from '../control/credit-desk.ts';
import { centsToNumber } from '../core/decimal.ts';
import { html, type Markup } from '../core/html.ts';
import { contactPath, invoicePath } from './contact-paths.ts';
import { buttonForm, deskPage, field, money, type Notice, orgPath } from './layout.ts';
import { paymentTable } from './payment-table.ts';

export const KIND_WORDS: Readonly<Record<CreditKind, string>> = {
  creditNote: 'Credit note',
  overpayment: 'Overpayment',
  prepayment: 'Prepayment',
};
const KINDS: readonly CreditKind[] = ['creditNote', 'overpayment', 'prepayment'];

/** Where the desk shows a credit. The kind stands in it, since each kind has a list of its own. */
export function creditPath(
  organisation: Pick<Organisation, 'id'>,
  kind: CreditKind,
  id: string,
): string {
  return `${orgPath(organisation)}/credits/${kind}/${id}`;
}

function creditsOf(books: Books, kind: CreditKind, contactId: string): Document[] {
  const rows = {
    creditNote: books.creditNotes,
    overpayment: books.overpayments,
    prepayment: books.prepayments,
  };
  return rows[kind].find('contact', contactId);
}

/** A contact's credit, and the forms that make more of it. */
export function creditSection(books: Books, contact: Contact, today: string): Markup {
  const organisation = books.organisation();
  const rows = KINDS.flatMap((kind) =>
    creditsOf(books, kind, contact.id).map(
      (
        credit,
      ) => html`<tr><td><a href="${creditPath(organisation, kind, credit.id)}">${KIND_WORDS[kind]} ${credit.number}</a></td>
<td>${credit.day}</td><td>${credit.status}</td><td class="money">${money(credit.total, credit.currency)}</td>
<td class="money">${money(outstanding(credit), credit.currency)}</td></tr>`,
    ),
  );
  const table = html`<table><thead><tr><th>Credit</th><th>Date</th><th>Status</th><th class="money">Total</th>
<th class="money">Remaining</th></tr></thead><tbody>${rows}</tbody></table>`;
  return html`<h2>Credit</h2>${rows.length > 0 ? table : html`<p class="soft">None yet.</p>`}
${contact.status === 'ACTIVE' && creditForm(organisation, contact, today)}`;
}

function creditForm(organisation: Organisation, contact: Contact, today: string): Markup {
  return html`<form method="post" action="${contactPath(organisation, contact)}/new-credit" class="row">
<div><label for="kind">Kind of credit</label><select id="kind" name="kind">
${KINDS.map((kind) => html`<option value="${kind}">${KIND_WORDS[kind]}</option>`)}</select></div>
${field('Credit amount', 'creditAmount', html`type="number" step="0.01" min="0.01" required`)}
${field('Credit date', 'creditDate', html`type="date" required value="${today}"`)}
<button>Add credit</button></form>
<p class="soft">Credit notes and prepayments carry the sales tax on top; overpayments carry none.</p>`;
}

/** One credit: where it went, and what can be done with the rest. */
export function creditPage(
  books: Books,
  kind: CreditKind,
  credit: Document,
  notice: Notice,
): string {
  const organisation = books.organisation();
  const contact = books.contacts.get(credit.contactId);
  const path = creditPath(organisation, kind, credit.id);
  return deskPage(
    `${KIND_WORDS[kind]} ${credit.number}`,
    [
      [organisation.name, orgPath(organisation)],
      ...(contact ? [[contact.name, contactPath(organisation, contact)] as const] : []),
    ],
    notice,
    html`<dl><dt>Status</dt><dd>${credit.status}</dd><dt>Date</dt><dd>${credit.day}</dd>
<dt>Total</dt><dd>${money(credit.total, credit.currency)}</dd>
<dt>Remaining credit</dt><dd>${money(outstanding(credit), credit.currency)}</dd></dl>
${allocationTable(books, organisation, credit)}
<h2>Refunds</h2>${paymentTable(books, credit)}
${credit.status === 'AUTHORISED' && spendForms(books, credit, path)}`,
  );
}

function allocationTable(books: Books, organisation: Organisation, credit: Document): Markup {
  const live = credit.allocationIds.flatMap((id) => books.allocations.get(id) ?? []);
  const rows = live
    .filter((allocation) => !allocation.isDeleted)
    .map((allocation) => {
      const invoice = books.invoices.get(allocation.invoiceId);
      return html`<tr><td>${invoice && html`<a href="${invoicePath(organisation, invoice)}">${invoice.number}</a>`}</td>
<td>${allocation.day}</td><td class="money">${money(allocation.amount, credit.currency)}</td>
<td>${buttonForm(`${orgPath(organisation)}/allocations/${allocation.id}/remove`, 'Remove allocation', true)}</td></tr>`;
    });
  return html`<h2>Allocations</h2>${
    rows.length === 0
      ? html`<p class="soft">None yet.</p>`
      : html`<table><thead><tr>
<th>Invoice</th><th>Date</th><th class="money">Amount</th><th>Act</th></tr></thead><tbody>${rows}</tbody></table>`
  }`;
}

function spendForms(books: Books, credit: Document, path: string): Markup {
  const open = books.invoices
    .find('contact', credit.contactId)
    .filter((invoice) => invoice.status === 'AUTHORISED');
  const rest = centsToNumber(outstanding(credit));
  return html`${
    open.length > 0 &&
    html`<h2>Set against an invoice</h2><form method="post" action="${path}/allocate" class="row">
<div><label for="invoice">Invoice</label><select id="invoice" name="invoice">
${open.map((invoice) => html`<option value="${invoice.id}">${invoice.number} (${money(outstanding(invoice), invoice.currency)} due)</option>`)}</select></div>
${field('Amount to allocate', 'amount', html`type="number" step="0.01" min="0.01" required value="${rest}"`)}
<button>Allocate</button></form>`
  }
<h2>Pay back</h2><form method="post" action="${path}/refund" class="row">
${field('Amount to refund', 'refund', html`type="number" step="0.01" min="0.01" required value="${rest}"`)}
<button>Refund</button></form>
${credit.kind === 'creditNote' && credit.credited + credit.paid === 0 && buttonForm(`${path}/void`, 'Void credit note', true)}`;
}
