import type { Books } from '../accounting/books.ts';
import { outstanding } from '../accounting/ledger.ts';
import type { Document } from '../accounting/model.ts';
import { html } from '../core/html.ts';
import { page } from '../core/page.ts';
import { money } from './layout.ts';

/** What a payer sees behind an invoice's public link. */
export function onlineInvoicePage(books: Books, invoice: Document): string {
  const contact = books.contacts.get(invoice.contactId);
  return page({
    title: `Invoice ${invoice.number}`,
    banner: `${books.organisation().name} (Xero emulator)`,
    body: html`<h1>Invoice ${invoice.number}</h1>
<dl><dt>To</dt><dd>${contact?.name}</dd><dt>Date</dt><dd>${invoice.day}</dd><dt>Due date</dt><dd>${invoice.dueDay}</dd>
<dt>Status</dt><dd>${invoice.status}</dd></dl>
<table><thead><tr><th>Description</th><th class="money">Amount</th></tr></thead><tbody>${invoice.lines.map(
      (line) =>
        html`<tr><td>${line.description}</td><td class="money">${money(line.amount, invoice.currency)}</td></tr>`,
    )}</tbody><tfoot>
<tr><th class="money">Tax</th><td class="money">${money(invoice.totalTax, invoice.currency)}</td></tr>
<tr><th class="money">Total</th><td class="money">${money(invoice.total, invoice.currency)}</td></tr>
<tr><th class="money">Paid</th><td class="money">${money(invoice.paid + invoice.credited, invoice.currency)}</td></tr>
<tr><th class="money">Amount due</th><td class="money">${money(outstanding(invoice), invoice.currency)}</td></tr>
</tfoot></table>`,
  });
}
