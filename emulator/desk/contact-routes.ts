import type { Contact } from '../accounting/model.ts';
import { readPage } from '../core/paging.ts';
import { editContactPage, newContactPage, sentContact } from './contact-form.ts';
import { contactPage, contactsPage } from './contact-pages.ts';
import { contactPath } from './contact-paths.ts';
import type { Visit } from './visit.ts';
import { type ActRoute, contactOf, type ShowRoute } from './visit.ts';

/** Contacts by hand: looked at, made, changed, archived, restored, merged. */
export function contactRoutes(show: ShowRoute, act: ActRoute, today: () => string): void {
  show('/desk/:org', ({ keeper, query, notice }) =>
    contactsPage(
      keeper().books,
      {
        search: query.search ?? '',
        page: readPage(query.page ?? '1'),
        isArchivedShown: query.archived === 'yes',
      },
      notice,
    ),
  );
  show('/desk/:org/new-contact', ({ keeper, notice }) => newContactPage(keeper().books, notice));
  show('/desk/:org/contacts/:id', (visit) =>
    contactPage(visit.keeper().books, contactOf(visit), today(), visit.notice),
  );
  show('/desk/:org/contacts/:id/edit', (visit) =>
    editContactPage(visit.keeper().books, contactOf(visit), visit.notice),
  );
  act('/desk/:org/new-contact', (visit) => {
    const contact = visit.keeper().createContact(sentContact(visit.form));
    return [backToContact(visit, contact), `${contact.name} was added`];
  });
  act('/desk/:org/contacts/:id/edit', (visit) => {
    const contact = visit.keeper().editContact(contactOf(visit).id, sentContact(visit.form));
    return [backToContact(visit, contact), `${contact.name} was saved`];
  });
  act('/desk/:org/contacts/:id/archive', (visit) => {
    const contact = visit.keeper().archiveContact(visit.params.id ?? '');
    return [backToContact(visit, contact), `${contact.name} was archived`];
  });
  act('/desk/:org/contacts/:id/restore', (visit) => {
    const contact = visit.keeper().restoreContact(visit.params.id ?? '');
    return [backToContact(visit, contact), `${contact.name} was restored`];
  });
  act('/desk/:org/contacts/:id/merge', (visit) => {
    const loser = contactOf(visit);
    const winner = visit.keeper().mergeContacts(loser.id, visit.form.into ?? '');
    return [backToContact(visit, winner), `${loser.name} was merged into ${winner.name}`];
  });
}

function backToContact(visit: Visit, contact: Contact): string {
  return contactPath({ id: visit.params.org ?? '' }, contact);
}
