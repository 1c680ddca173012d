import type { Books } from '../accounting/books.ts';
import { outstanding } from '../accounting/ledger.ts';
import type { Contact, Document, Organisation } from '../accounting/model.ts';
import type { Account } from '../accounting/settings-model.ts';
import { addDays } from '../core/dates.ts';
import { centsToNumber } from '../core/decimal.ts';
import { html, type Markup } from '../core/html.ts';
import { invoiceTable } from './contact-pages.ts';
import { contactPath, invoicePath } from './contact-paths.ts';
import { buttonForm, deskPage, field, money, type Notice, orgPath } from './layout.ts';
import { paymentTable } from './payment-table.ts';

export const FORM_LINES = 4;
const TERM_DAYS = 14;
const SHOWN_INVOICES = 100;

/** The newest invoices of an organisation. */
export function invoicesPage(books: Books, search: string, notice: Notice): string {
  const organisation = books.organisation();
  const term = search.trim().toLowerCase();
  const found = books.invoices
    .all()
    .filter(({ number, reference }) => `${number} ${reference}`.toLowerCase().includes(term));
  const newest = found.slice(-SHOWN_INVOICES).reverse();
  return deskPage(
    'Invoices',
    [[organisation.name, orgPath(organisation)]],
    notice,
    html`<form method="get" class="row" role="search">
${field('Search by number or reference', 'search', html`type="search" value="${search}"`)}
<button>Search</button></form>
<p class="soft">The newest ${newest.length} of ${found.length}</p>${invoiceTable(organisation, newest)}`,
  );
}

/** The form for a new invoice or bill; empty lines are left out. */
export function newInvoicePage(
  books: Books,
  contact: Contact,
  type: 'ACCREC' | 'ACCPAY',
  today: string,
  notice: Notice,
): string {
  const organisation = books.organisation();
  const lines = Array.from({ length: FORM_LINES }, (_, i) => lineFields(books, type, i + 1));
  return deskPage(
    type === 'ACCPAY' ? `New bill from ${contact.name}` : `New invoice for ${contact.name}`,
    [
      [organisation.name, orgPath(organisation)],
      [contact.name, contactPath(organisation, contact)],
    ],
    notice,
    html`<form method="post" action="${contactPath(organisation, contact)}/new-invoice">
<input type="hidden" name="type" value="${type}">
<div class="row">
${type === 'ACCPAY' && field('Bill number', 'number', html`maxlength="255"`)}
${field('Date', 'date', html`type="date" required value="${today}"`)}
${field('Due date', 'dueDate', html`type="date" required value="${addDays(today, TERM_DAYS)}"`)}
${field('Reference', 'reference', html`maxlength="255"`)}
<div><label for="lineAmountTypes">Amounts are</label><select id="lineAmountTypes" name="lineAmountTypes">
<option value="Exclusive">Tax exclusive</option><option value="Inclusive">Tax inclusive</option><option value="NoTax">No tax</option></select></div>
</div>
<h2>Lines</h2>${lines}
<div class="actions"><button name="status" value="DRAFT" class="quiet">Save as draft</button>
<button name="status" value="AUTHORISED">Approve</button></div>
</form>`,
  );
}

function lineFields(books: Books, type: 'ACCREC' | 'ACCPAY', position: number): Markup {
  const side = type === 'ACCPAY' ? 'EXPENSE' : 'REVENUE';
  const accounts = books.accounts
    .all()
    .filter((one) => one.status === 'ACTIVE' && one.class === side && !one.systemAccount);
  const rates = books.taxRates.all().filter((rate) => rate.appliesTo.includes(side));
  const name = (part: string) => `line${position}-${part}`;
  return html`<fieldset><legend>Line ${position}</legend><div class="row">
${field(`Description ${position}`, name('description'), html`size="34" maxlength="4000"`)}
${field(`Quantity ${position}`, name('quantity'), html`type="number" step="any" value="1"`)}
${field(`Unit amount ${position}`, name('unitAmount'), html`type="number" step="any"`)}
<div><label for="${name('account')}">Account ${position}</label><select id="${name('account')}" name="${name('account')}">
${accounts.map((account) => html`<option value="${account.code}">${account.code} ${account.name}</option>`)}</select></div>
<div><label for="${name('tax')}">Tax ${position}</label><select id="${name('tax')}" name="${name('tax')}">
<option value="">As the account says</option>
${rates.map((rate) => html`<option value="${rate.taxType}">${rate.name}</option>`)}</select></div>
</div></fieldset>`;
}

/** One invoice: lines, sums, payments, and what can be done in its status. */
export function invoicePage(
  books: Books,
  invoice: Document,
  today: string,
  notice: Notice,
): string {
  const organisation = books.organisation();
  const contact = books.contacts.get(invoice.contactId);
  return deskPage(
    `${invoice.type === 'ACCPAY' ? 'Bill' : 'Invoice'} ${invoice.number || 'without number'}`,
    [
      [organisation.name, orgPath(organisation)],
      ...(contact ? [[contact.name, contactPath(organisation, contact)] as const] : []),
    ],
    notice,
    html`<dl><dt>Status</dt><dd>${invoice.status}</dd><dt>Date</dt><dd>${invoice.day}</dd>
<dt>Due date</dt><dd>${invoice.dueDay ?? 'none'}</dd><dt>Reference</dt><dd>${invoice.reference || 'none'}</dd></dl>
${linesTable(invoice)}
${paymentsSection(books, organisation, invoice, today)}
${statusActs(organisation, invoice)}`,
  );
}

function linesTable(invoice: Document): Markup {
  const sum = (label: string, cents: number) =>
    html`<tr><th colspan="4" class="money">${label}</th><td class="money">${money(cents, invoice.currency)}</td></tr>`;
  return html`<table><thead><tr><th>Description</th><th class="money">Quantity</th><th class="money">Unit amount</th>
<th>Account</th><th class="money">Amount</th></tr></thead><tbody>${invoice.lines.map(
    (line) => html`<tr><td>${line.description}</td><td class="money">${line.quantity / 10_000}</td>
<td class="money">${unitAmount(line.unitAmount)}</td><td>${line.accountCode}</td>
<td class="money">${money(line.amount, invoice.currency)}</td></tr>`,
  )}</tbody><tfoot>${sum('Subtotal', invoice.subTotal)}${sum('Tax', invoice.totalTax)}${sum('Total', invoice.total)}
${sum('Paid', invoice.paid)}${sum('Credited', invoice.credited)}${sum('Amount due', outstanding(invoice))}</tfoot></table>`;
}

/** Two decimals, or up to four where the price has them. */
function unitAmount(tenThousandths: number): string {
  const options = { minimumFractionDigits: 2, maximumFractionDigits: 4 };
  return (tenThousandths / 10_000).toLocaleString('en-US', options);
}

function paymentsSection(
  books: Books,
  organisation: Organisation,
  invoice: Document,
  today: string,
): Markup {
  return html`<h2>Payments</h2>${paymentTable(books, invoice)}
${invoice.status === 'AUTHORISED' && paymentForm(books, organisation, invoice, today)}`;
}

function paymentForm(
  books: Books,
  organisation: Organisation,
  invoice: Document,
  today: string,
): Markup {
  const accepts = (account: Account) => account.type === 'BANK' || account.isPaymentsEnabled;
  const accounts = books.accounts.all().filter((one) => one.status === 'ACTIVE' && accepts(one));
  return html`<form method="post" action="${invoicePath(organisation, invoice)}/pay" class="row">
${field('Amount paid', 'amount', html`type="number" step="0.01" min="0.01" required value="${centsToNumber(outstanding(invoice))}"`)}
${field('Payment date', 'date', html`type="date" required value="${today}"`)}
<div><label for="account">Paid to</label><select id="account" name="account">
${accounts.map((account) => html`<option value="${account.code}">${account.code} ${account.name}</option>`)}</select></div>
<button>Record payment</button></form>`;
}

function statusActs(organisation: Organisation, invoice: Document): Markup {
  const path = invoicePath(organisation, invoice);
  const isDraft = invoice.status === 'DRAFT' || invoice.status === 'SUBMITTED';
  return html`<div class="actions">
${isDraft && buttonForm(`${path}/approve`, 'Approve')}
${isDraft && buttonForm(`${path}/delete`, 'Delete draft', true)}
${invoice.status === 'AUTHORISED' && buttonForm(`${path}/void`, invoice.type === 'ACCPAY' ? 'Void bill' : 'Void invoice', true)}
</div>`;
}
