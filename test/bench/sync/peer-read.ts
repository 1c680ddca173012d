import { SECOND_MS } from '#platform/clock';
import { Dice } from '../../../emulator/seeds/dice.ts';
import { seedInvoice } from '../../../emulator/seeds/papers.ts';
import { startPeer } from './peer.ts';

const CONTACTS = 100;
const TRIES_MAX = 5;
const SPAN_MS = 700 * 86_400_000;

/**
 * Reads all invoices by page number, oldest change first, as the documentation shows it, while
 * somebody edits them.
 */
export async function readByPeer(
  count: number,
  editEveryMs: number,
): Promise<{ calls: number; missing: number }> {
  const peer = await startPeer();
  const { clock, emulator, latency } = peer;
  const bookkeeper = emulator.control.bookkeeper();
  const { invoices } = bookkeeper.books;
  const dice = new Dice(1);
  const contacts = Array.from({ length: CONTACTS }, (_, index) =>
    bookkeeper.createContact({ Name: `Contact ${index}` }),
  );
  const begin = clock.now().getTime() - SPAN_MS;
  bookkeeper.run((act) => {
    for (let at = 0; at < count; at += 1) {
      const plan = { dice, spanDays: 700, isVaried: false };
      const invoice = seedInvoice(act, dice.pick(contacts), at, plan);
      const updatedAtMs = Math.floor(begin + (at * SPAN_MS) / count);
      invoices.put({ ...(invoices.get(invoice.id) ?? invoice), updatedAtMs }, 'seed');
    }
  });
  const ids = invoices.all().map((invoice) => invoice.id);
  let edits = 0;
  latency.meanwhile = {
    everyMs: editEveryMs,
    act() {
      const invoice = invoices.get(ids[(edits * 7_919) % ids.length] ?? '');
      edits += 1;
      if (invoice) invoices.put({ ...invoice, updatedAtMs: clock.now().getTime() });
    },
  };
  const met = new Set<string>();
  let isEnd = false;
  try {
    for (let page = 1; !isEnd; page += 1) {
      for (let tries = 1; tries <= TRIES_MAX; tries += 1) {
        const answer = await peer.call(
          'getInvoices',
          ...[undefined, undefined, 'UpdatedDateUTC ASC', undefined, undefined, undefined],
          ...[undefined, page],
        );
        if (!answer.ok) {
          clock.advance(Math.max(answer.retryAfterMs, SECOND_MS));
          continue;
        }
        for (const { invoiceID } of answer.body.invoices) met.add(invoiceID);
        isEnd = answer.body.invoices.length === 0;
        break;
      }
    }
    const calls = Object.values(emulator.control.log.allCounters());
    return {
      calls: calls.reduce((sum, one) => sum + one.calls, 0),
      missing: ids.filter((id) => !met.has(id)).length,
    };
  } finally {
    await peer.close();
  }
}
