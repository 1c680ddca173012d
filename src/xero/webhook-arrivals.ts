import { sql } from 'kysely';
import { plus, SECOND_MS } from '#platform/clock';
import type { Database } from '#platform/database';

/** When Xero last spoke to us by itself, whichever organisation it was about. */
export interface Arrivals {
  /** The last rightly signed delivery with notices. */
  lastDeliveryAt: Date | null;
  /** The last rightly signed one without: Xero checks that way whether signatures are looked at. */
  lastIntentAt: Date | null;
}

export interface WebhookArrivals {
  note(kind: 'delivery' | 'intent', now: Date): Promise<void>;
  read(): Promise<Arrivals>;
}

/** Written no more often, so that a burst of deliveries does not queue for one row. */
const NOTED_EVERY_MS = 10 * SECOND_MS;

/**
 * One row for all of Bursar. Each process writes it at most every ten seconds, so what is read may
 * be older by so much.
 */
export function createWebhookArrivals(database: Pick<Database, 'asSystem'>): WebhookArrivals {
  const lastNoted = new Map<string, Date>();
  return {
    async note(kind, now) {
      const before = lastNoted.get(kind);
      if (before && before <= now && plus(before, NOTED_EVERY_MS) > now) return;
      lastNoted.set(kind, now);
      const column = kind === 'delivery' ? 'last_delivery_at' : 'last_intent_at';
      await database.asSystem((tx) =>
        tx
          .insertInto('webhook_arrivals')
          .values({ app: 'xero', [column]: now })
          .onConflict((conflict) =>
            conflict.column('app').doUpdateSet({
              [column]: sql<Date>`greatest(webhook_arrivals.${sql.ref(column)}, ${now}::timestamptz)`,
            }),
          )
          .execute(),
      );
    },

    async read() {
      const row = await database.asSystem((tx) =>
        tx.selectFrom('webhook_arrivals').selectAll().where('app', '=', 'xero').executeTakeFirst(),
      );
      return {
        lastDeliveryAt: row?.last_delivery_at ?? null,
        lastIntentAt: row?.last_intent_at ?? null,
      };
    },
  };
}
