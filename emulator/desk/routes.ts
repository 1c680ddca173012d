import type { FastifyInstance } from 'fastify';
import type { Contact, Document } from '../accounting/model.ts';
import { readOnlineInvoiceToken } from '../accounting/online-invoice.ts';
import { ActRefused, type LineEntry } from '../control/bookkeeper.ts';
import type { Control } from '../control/control.ts';
import { asTexts } from '../core/form.ts';
import { readPage } from '../core/paging.ts';
import type { World } from '../core/world.ts';
import { connectedAppsPage } from './app-pages.ts';
import { contactPage, contactsPage, organisationsPage } from './contact-pages.ts';
import { contactPath, invoicePath } from './contact-paths.ts';
import { creditRoutes } from './credit-routes.ts';
import { deepLinks } from './deep-links.ts';
import { FORM_LINES, invoicePage, invoicesPage, newInvoicePage } from './invoice-pages.ts';
import { onlineInvoicePage } from './online-page.ts';
import { settingsPage } from './settings-page.ts';
import {
  type ActRoute,
  type Params,
  runAct,
  type ShowRoute,
  sendPage,
  type Visit,
  visitOf,
} from './visit.ts';

/** The bookkeeper's pages: plain forms, each act answered by a page that says what was done. */
export function deskRoutes(server: FastifyInstance, world: World, control: Control): void {
  const show: ShowRoute = (path, render) => {
    server.get(path, (request, reply) => sendPage(reply, () => render(visitOf(request, control))));
  };
  const act: ActRoute = (path, run) => {
    server.post(path, (request, reply) => runAct(reply, visitOf(request, control), run));
  };
  const today = () => world.clock.today();

  show('/desk', ({ notice }) => organisationsPage(world.registry.organisations.all(), notice));
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
  show('/desk/:org/invoices', ({ keeper, notice }) => invoicesPage(keeper().books, notice));
  show('/desk/:org/connected-apps', ({ keeper, notice }) =>
    connectedAppsPage(keeper().books, world.registry, notice),
  );
  show('/desk/:org/contacts/:id', (visit) =>
    contactPage(visit.keeper().books, contactOf(visit), today(), visit.notice),
  );
  show('/desk/:org/contacts/:id/new-invoice', (visit) =>
    newInvoicePage(visit.keeper().books, contactOf(visit), today(), visit.notice),
  );
  show('/desk/:org/invoices/:id', (visit) =>
    invoicePage(
      visit.keeper().books,
      visit.keeper().invoice(visit.params.id ?? ''),
      today(),
      visit.notice,
    ),
  );
  show('/desk/:org/settings', ({ keeper, notice }) => settingsPage(keeper().books, notice));
  deepLinks(server, world);
  contactActs(act);
  settingActs(act);
  creditRoutes(show, act);
  invoiceActs(act);
  act('/desk/:org/connected-apps/:id/disconnect', ({ params }) => {
    const { org = '', id = '' } = params;
    const connection = control.people.connections(org).find((one) => one.id === id);
    const count = connection ? control.people.disconnect(org, connection.appId) : 0;
    return [
      `/desk/${org}/connected-apps`,
      count > 0 ? 'The app was disconnected' : 'Nothing to disconnect',
    ];
  });

  server.get('/online/:token', (request, reply) =>
    sendPage(reply, () => {
      const found = readOnlineInvoiceToken(asTexts(request.params).token ?? '');
      const books = found && world.books(found.orgId);
      const invoice = found && books?.invoices.get(found.invoiceId);
      const isShown = invoice?.status === 'AUTHORISED' || invoice?.status === 'PAID';
      if (!books || !invoice || !isShown) throw new ActRefused('This invoice is not available');
      return onlineInvoicePage(books, invoice);
    }),
  );
}

function contactActs(act: ActRoute): void {
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
  act('/desk/:org/contacts/:id/new-invoice', (visit) => {
    const { form, keeper } = visit;
    const invoice = keeper().createInvoice({
      contactId: contactOf(visit).id,
      status: form.status === 'AUTHORISED' ? 'AUTHORISED' : 'DRAFT',
      lines: linesOf(form),
      lineAmountTypes:
        form.lineAmountTypes === 'Inclusive' || form.lineAmountTypes === 'NoTax'
          ? form.lineAmountTypes
          : 'Exclusive',
      ...(form.date ? { date: form.date } : {}),
      ...(form.dueDate ? { dueDate: form.dueDate } : {}),
      ...(form.reference ? { reference: form.reference } : {}),
    });
    const done = invoice.status === 'AUTHORISED' ? 'was approved' : 'was saved as a draft';
    return [backToInvoice(visit, invoice), `Invoice ${invoice.number} ${done}`];
  });
}

function settingActs(act: ActRoute): void {
  act('/desk/:org/rename', (visit) => {
    const name = visit.form.name?.trim();
    if (!name) throw new ActRefused('An organisation needs a name');
    visit.keeper().renameOrganisation(name);
    return [`/desk/${visit.params.org}/settings`, 'The organisation was renamed'];
  });
  act('/desk/:org/lock-dates', (visit) => {
    const { period, endOfYear } = visit.form;
    visit.keeper().setLockDates(period || undefined, endOfYear || undefined);
    return [`/desk/${visit.params.org}/settings`, 'The lock dates were saved'];
  });
}

function invoiceActs(act: ActRoute): void {
  act('/desk/:org/invoices/:id/approve', (visit) => {
    const invoice = visit.keeper().approve(visit.params.id ?? '');
    return [backToInvoice(visit, invoice), `Invoice ${invoice.number} was approved`];
  });
  act('/desk/:org/invoices/:id/void', (visit) => {
    const invoice = visit.keeper().void(visit.params.id ?? '');
    return [backToInvoice(visit, invoice), `Invoice ${invoice.number} was voided`];
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
    const payment = visit.keeper().deletePayment(visit.params.id ?? '');
    return [`/desk/${visit.params.org}/invoices/${payment.docId}`, 'The payment was deleted'];
  });
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

function contactOf({ keeper, params }: Visit): Contact {
  return keeper().contact(params.id ?? '');
}

function backToContact(visit: Visit, contact: Contact): string {
  return contactPath({ id: visit.params.org ?? '' }, contact);
}

function backToInvoice(visit: Visit, invoice: Document): string {
  return invoicePath({ id: visit.params.org ?? '' }, invoice);
}
