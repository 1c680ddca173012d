import type { FastifyInstance } from 'fastify';
import { readOnlineInvoiceToken } from '../accounting/online-invoice.ts';
import { ActRefused } from '../control/bookkeeper.ts';
import type { Control } from '../control/control.ts';
import { asTexts } from '../core/form.ts';
import type { World } from '../core/world.ts';
import { connectedAppsPage } from './app-pages.ts';
import { organisationsPage } from './contact-pages.ts';
import { contactRoutes } from './contact-routes.ts';
import { creditRoutes } from './credit-routes.ts';
import { deepLinks } from './deep-links.ts';
import { invoiceRoutes } from './invoice-routes.ts';
import { onlineInvoicePage } from './online-page.ts';
import { settingsPage } from './settings-page.ts';
import { type ActRoute, runAct, type ShowRoute, sendPage, visitOf } from './visit.ts';

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
  show('/desk/:org/connected-apps', ({ keeper, notice }) =>
    connectedAppsPage(keeper().books, world.registry, notice),
  );
  show('/desk/:org/settings', ({ keeper, notice }) => settingsPage(keeper().books, notice));
  deepLinks(server, world);
  contactRoutes(show, act, today);
  invoiceRoutes(show, act, today);
  creditRoutes(show, act);
  settingActs(act);
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
