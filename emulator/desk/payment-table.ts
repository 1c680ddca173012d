import type { Books } from '../accounting/books.ts';
import type { Document } from '../accounting/model.ts';
import { html, type Markup } from '../core/html.ts';
import { buttonForm, money, orgPath } from './layout.ts';

/** The payments of a paper, or the refunds of a credit, each to be taken back. */
export function paymentTable(books: Books, document: Document): Markup {
  const rows = document.paymentIds
    .flatMap((id) => books.payments.get(id) ?? [])
    .filter((payment) => payment.status === 'AUTHORISED')
    .map((payment) => {
      const path = `${orgPath(books.organisation())}/payments/${payment.id}/delete`;
      return html`<tr><td>${payment.day}</td><td>${books.accounts.get(payment.accountId)?.name}</td>
<td class="money">${money(payment.amount, document.currency)}</td><td>${buttonForm(path, 'Delete payment', true)}</td></tr>`;
    });
  if (rows.length === 0) return html`<p class="soft">None yet.</p>`;
  return html`<table><thead><tr><th>Date</th><th>Account</th><th class="money">Amount</th><th>Act</th></tr></thead>
<tbody>${rows}</tbody></table>`;
}
