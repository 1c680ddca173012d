import { announce } from '#platform/live-updates';
import type { LaneRun } from '../lane/lane-run.ts';
import { type Cursor, saveCursor } from '../pull/cursor-store.ts';
import { paced } from '../pull/sweep-pace.ts';
import { fromNowOn } from '../pull/walk.ts';
import { settingChanges, settingsOf } from './book-settings.ts';
import { booksOf, saveBooks } from './book-store.ts';

/**
 * Reads how the organisation's books are set up: four calls, once a day and when somebody asks. No
 * webhook tells of these, and their lists know no date of change that could be relied on.
 */
export async function readBooks(run: LaneRun, cursor: Cursor): Promise<void> {
  const { deps, scope, xeroOrgId } = run;
  const client = run.client('background');
  const organisation = await client.organisation();
  const currencies = await client.currencies();
  const taxRates = await client.taxRates();
  const settings = settingsOf(organisation, currencies, taxRates, await client.accounts());
  await run.record(async (tx, lane) => {
    const now = run.now();
    const before = await booksOf(tx, scope, xeroOrgId);
    const changes = before ? settingChanges(before.settings, settings) : [];
    const changedAt = changes.length > 0 ? now : (before?.changedAt ?? null);
    await saveBooks(tx, scope, xeroOrgId, { settings, readAt: now, changedAt });
    if (changes.length > 0) {
      await deps.events.append(tx, scope, { kind: 'books.changed', xeroOrgId, changes });
    }
    await announce(tx, scope.providerId, 'connections', [lane.connection_id]);
    await saveCursor(tx, scope, xeroOrgId, paced(cursor, fromNowOn(run, cursor), now));
  });
}
