import type { World } from '../core/world.ts';
import { ActRefused } from './bookkeeper.ts';

/** What happens to organisations and apps at Xero's end without anybody meaning it for an app. */
export class Troubles {
  readonly #world: World;

  constructor(world: World) {
    this.#world = world;
  }

  /** Takes an organisation offline, or brings it back: its calls answer the plain-text 503. */
  setOffline(orgId: string, isOffline: boolean): void {
    const id = `offline-${orgId}`;
    this.#world.faults.remove(id);
    if (!isOffline) return;
    this.#world.faults.add({
      id,
      path: '/api.xro/*',
      organisation: orgId,
      effect: {
        kind: 'status',
        status: 503,
        contentType: 'text/plain; charset=utf-8',
        body: 'The Organisation is offline',
      },
    });
  }

  /**
   * What Xero does with a demo company after 28 days: its contacts and papers are gone, and it has
   * to be connected anew. Accounts and settings are as at the beginning anyway.
   * @throws ActRefused for an organisation that is no demo company.
   */
  resetDemo(orgId: string): void {
    const { registry, store } = this.#world;
    const books = this.#world.books(orgId);
    if (!books?.organisation().isDemo) throw new ActRefused('Only a demo company is reset');
    const papers = [
      books.contacts,
      books.invoices,
      books.creditNotes,
      books.prepayments,
      books.overpayments,
      books.payments,
      books.allocations,
      books.batchPayments,
      books.bankTransactions,
      books.repeatingInvoices,
      books.manualJournals,
      books.attachments,
      books.history,
    ];
    for (const rows of papers) for (const { id } of [...rows.all()]) rows.remove(id);
    for (const { id } of [...registry.connections.find('org', orgId)]) {
      registry.connections.remove(id);
    }
    store.commit();
  }

  /** Switches an app's webhooks off, as a day of failures does; `webhooks.verify` opens them again. */
  disableWebhooks(appId: string): void {
    const { subscriptions } = this.#world.webhooks;
    const subscription = subscriptions.get(appId);
    if (!subscription) throw new ActRefused(`The app ${appId} has no webhooks`);
    subscriptions.put({ ...subscription, status: 'disabled' });
    this.#world.store.commit();
  }
}
