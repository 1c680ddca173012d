import type { Books } from '../accounting/books.ts';
import { matchesTerm } from '../accounting/contacts.ts';
import { outstanding } from '../accounting/ledger.ts';
import type { Contact, Document, Organisation } from '../accounting/model.ts';
import { html, type Markup } from '../core/html.ts';
import { contactPath, invoicePath } from './contact-paths.ts';
import { creditSection } from './credit-pages.ts';
import { buttonForm, deskPage, field, money, type Notice, orgPath } from './layout.ts';

const PAGE_SIZE = 25;

/** The organisations whose books are here. */
export function organisationsPage(organisations: readonly Organisation[], notice: Notice): string {
  const rows = organisations.map(
    (organisation) => html`<tr><td><a href="${orgPath(organisation)}">${organisation.name}</a></td>
<td>${organisation.countryCode}</td><td>${organisation.baseCurrency}</td></tr>`,
  );
  return deskPage(
    'Organisations',
    [],
    notice,
    html`<table><thead><tr><th>Name</th><th>Country</th><th>Currency</th></tr></thead><tbody>${rows}</tbody></table>`,
  );
}

/** The contacts of an organisation, searched and cut into pages. */
export function contactsPage(
  books: Books,
  query: { readonly search: string; readonly page: number; readonly isArchivedShown: boolean },
  notice: Notice,
): string {
  const organisation = books.organisation();
  const term = query.search.trim().toLowerCase();
  const found = books.contacts
    .all()
    .filter((one) => (query.isArchivedShown || one.status === 'ACTIVE') && matchesTerm(one, term))
    .sort((a, b) => a.name.localeCompare(b.name));
  const pageCount = Math.max(1, Math.ceil(found.length / PAGE_SIZE));
  const page = Math.min(query.page, pageCount);
  const shown = found.slice((page - 1) * PAGE_SIZE, page * PAGE_SIZE);
  return deskPage(
    organisation.name,
    [],
    notice,
    html`<p><a href="${orgPath(organisation)}/connected-apps">Connected apps</a> ·
<a href="${orgPath(organisation)}/invoices">Invoices</a> ·
<a href="${orgPath(organisation)}/settings">Settings</a></p>
<form method="get" class="row" role="search">
${field('Search contacts', 'search', html`type="search" value="${query.search}"`)}
<label class="choice"><input type="checkbox" name="archived" value="yes" ${query.isArchivedShown && html`checked`}> Show archived</label>
<button>Search</button></form>
<h2>Contacts</h2>
<p class="actions"><a href="${orgPath(organisation)}/new-contact">New contact</a></p>
<p class="soft">${found.length} ${found.length === 1 ? 'contact' : 'contacts'}, page ${page} of ${pageCount}</p>
<table><thead><tr><th>Name</th><th>Contact code</th><th>E-mail</th><th>Status</th></tr></thead>
<tbody>${shown.map((contact) => contactRow(organisation, contact))}</tbody></table>
${pager(organisation, query, page, pageCount)}`,
  );
}

function contactRow(organisation: Organisation, contact: Contact): Markup {
  return html`<tr><td><a href="${contactPath(organisation, contact)}">${contact.name}</a></td>
<td>${contact.number}</td><td>${contact.email}</td><td>${contact.status}</td></tr>`;
}

function pager(
  organisation: Organisation,
  query: { readonly search: string; readonly isArchivedShown: boolean },
  page: number,
  pageCount: number,
): Markup {
  const at = (number: number) => {
    const params = new URLSearchParams({ search: query.search, page: String(number) });
    if (query.isArchivedShown) params.set('archived', 'yes');
    return `${orgPath(organisation)}?${params}`;
  };
  return html`<p class="actions">${page > 1 && html`<a href="${at(page - 1)}">Previous page</a>`}
${page < pageCount && html`<a href="${at(page + 1)}">Next page</a>`}</p>`;
}

/** One contact: who it is, its papers, and what can be done. */
export function contactPage(books: Books, contact: Contact, today: string, notice: Notice): string {
  const organisation = books.organisation();
  const path = contactPath(organisation, contact);
  const invoices = [...books.invoices.find('contact', contact.id)].sort((a, b) =>
    a.day < b.day ? 1 : -1,
  );
  const isActive = contact.status === 'ACTIVE';
  return deskPage(
    contact.name,
    [[organisation.name, orgPath(organisation)]],
    notice,
    html`${details(contact)}
${
  isActive &&
  html`<p class="actions"><a href="${path}/edit">Edit contact</a> <a href="${path}/new-invoice">New invoice</a>
<a href="${path}/new-invoice?type=ACCPAY">New bill</a></p>`
}
<h2>Invoices and bills</h2>${invoiceTable(organisation, invoices)}
${creditSection(books, contact, today)}
${isActive ? contactActs(books, contact, path) : buttonForm(`${path}/restore`, 'Restore contact')}`,
  );
}

function details(contact: Contact): Markup {
  const street = contact.addresses.STREET;
  const address = [...(street?.lines ?? []), street?.city, street?.region, street?.postalCode];
  const phone = contact.phones.MOBILE?.number || contact.phones.DEFAULT?.number;
  const rows: readonly (readonly [string, string | undefined])[] = [
    ['Contact code', contact.number],
    ['First name', contact.firstName],
    ['Last name', contact.lastName],
    ['E-mail', contact.email],
    ['Phone', phone],
    ['Address', address.filter(Boolean).join(', ')],
    ['Status', contact.status],
    ['Merged into', contact.mergedToId],
  ];
  return html`<dl>${rows.map(([label, value]) => value && html`<dt>${label}</dt><dd>${value}</dd>`)}</dl>`;
}

function contactActs(books: Books, contact: Contact, path: string): Markup {
  const others = books.contacts
    .all()
    .filter((one) => one.status === 'ACTIVE' && one.id !== contact.id)
    .sort((a, b) => a.name.localeCompare(b.name))
    .slice(0, 1000);
  return html`<h2>Merge into another contact</h2>
<form method="post" action="${path}/merge" class="row">
<div><label for="into">Merge into</label><select id="into" name="into">
${others.map((one) => html`<option value="${one.id}">${one.name}${one.number && ` (${one.number})`}</option>`)}</select></div>
<button>Merge contact</button></form>
<h2>Archive</h2>${buttonForm(`${path}/archive`, 'Archive contact', true)}`;
}

/** Invoices in a table, sums to the right. */
export function invoiceTable(organisation: Organisation, invoices: readonly Document[]): Markup {
  if (invoices.length === 0) return html`<p class="soft">None yet.</p>`;
  return html`<table><thead><tr><th>Number</th><th>Reference</th><th>Date</th><th>Due</th><th>Status</th>
<th class="money">Total</th><th class="money">Paid</th><th class="money">Due</th></tr></thead><tbody>${invoices.map(
    (
      invoice,
    ) => html`<tr><td><a href="${invoicePath(organisation, invoice)}">${invoice.number || 'no number'}</a></td>
<td>${invoice.reference}</td><td>${invoice.day}</td><td>${invoice.dueDay}</td><td>${invoice.status}</td>
<td class="money">${money(invoice.total, invoice.currency)}</td>
<td class="money">${money(invoice.paid + invoice.credited, invoice.currency)}</td>
<td class="money">${money(outstanding(invoice), invoice.currency)}</td></tr>`,
  )}</tbody></table>`;
}
