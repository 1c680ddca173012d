import type { Switches } from '../accounting/api-call.ts';
import type { Books } from '../accounting/books.ts';
import type { Document } from '../accounting/model.ts';
import type { Cause, Collection, Row } from '../core/collection.ts';
import { momentTwin } from '../core/dates.ts';
import type { Registry } from '../identity/registry.ts';
import type { WebhookCenter } from './delivery.ts';
import type { Category } from './model.ts';

/** Turns changes of an organisation's books into events for the apps connected to it. */
export function watchBooks(
  books: Books,
  registry: Registry,
  center: WebhookCenter,
  switches: Switches,
): void {
  const watch = <T extends Row>(
    rows: Collection<T>,
    category: Category,
    dataOf: (row: T) => Readonly<Record<string, string>> | undefined,
  ) => {
    rows.onChange((before, after, cause) => {
      if (!after || !isReported(cause, switches)) return;
      const type = before ? 'UPDATE' : 'CREATE';
      const event = {
        tenantId: books.orgId,
        category,
        type,
        resourceId: after.id,
        data: dataOf(after),
      } as const;
      for (const appId of connectedApps(registry, books.orgId)) center.enqueue(appId, event);
    });
  };
  watch(books.contacts, 'CONTACT', () => undefined);
  watch(books.invoices, 'INVOICE', () => undefined);
  watch(books.creditNotes, 'CREDITNOTE', creditData);
  watch(books.prepayments, 'PREPAYMENT', datedCreditData);
  watch(books.overpayments, 'OVERPAYMENT', datedCreditData);
}

function isReported(cause: Cause, switches: Switches): boolean {
  return cause === 'act' || (cause === 'payment' && switches.paymentEvents);
}

function connectedApps(registry: Registry, orgId: string): Set<string> {
  return new Set(registry.connections.find('org', orgId).map((connection) => connection.appId));
}

function creditData(credit: Document): Record<string, string> {
  return { Type: credit.type, Status: credit.status };
}

function datedCreditData(credit: Document): Record<string, string> {
  return { ...creditData(credit), UpdatedDateUTCString: momentTwin(credit.updatedAtMs) };
}
