import type { Books } from '../accounting/books.ts';
import type { Contact } from '../accounting/model.ts';
import { html, type Markup } from '../core/html.ts';
import { contactPath } from './contact-paths.ts';
import { deskPage, field, type Notice, orgPath } from './layout.ts';
import type { Params } from './visit.ts';

/** The form for a contact that is not there yet. */
export function newContactPage(books: Books, notice: Notice): string {
  const organisation = books.organisation();
  const path = orgPath(organisation);
  return deskPage(
    'New contact',
    [[organisation.name, path]],
    notice,
    contactForm(`${path}/new-contact`, undefined, 'Add contact'),
  );
}

/** The form that changes a contact; what else it has stays as it is. */
export function editContactPage(books: Books, contact: Contact, notice: Notice): string {
  const organisation = books.organisation();
  const path = contactPath(organisation, contact);
  return deskPage(
    `Edit ${contact.name}`,
    [
      [organisation.name, orgPath(organisation)],
      [contact.name, path],
    ],
    notice,
    contactForm(`${path}/edit`, contact, 'Save contact'),
  );
}

function contactForm(action: string, contact: Contact | undefined, label: string): Markup {
  return html`<form method="post" action="${action}">
${field('Name', 'name', html`required maxlength="255" size="40" value="${contact?.name}"`)}
<div class="row">
${field('First name', 'firstName', html`maxlength="255" value="${contact?.firstName}"`)}
${field('Last name', 'lastName', html`maxlength="255" value="${contact?.lastName}"`)}
</div><div class="row">
${field('Contact code', 'number', html`maxlength="50" value="${contact?.number}"`)}
${field('E-mail', 'email', html`type="email" maxlength="255" size="34" value="${contact?.email}"`)}
${field('Mobile phone', 'mobile', html`maxlength="50" value="${contact?.phones.MOBILE?.number}"`)}
</div><div class="actions"><button>${label}</button></div></form>`;
}

/** What the form says, as the API would be sent it; an empty field clears. */
export function sentContact(form: Params) {
  return {
    Name: form.name ?? '',
    FirstName: form.firstName ?? '',
    LastName: form.lastName ?? '',
    ContactNumber: form.number ?? '',
    EmailAddress: form.email ?? '',
    Phones: [{ PhoneType: 'MOBILE', PhoneNumber: form.mobile ?? '' }],
  };
}
