import type { Tx } from '#platform/database';
import type { LaneRun } from '../lane/lane-run.ts';
import type { ContactLink } from '../links/contact-link.ts';
import { linksOfParties, saveLinks } from '../links/link-store.ts';
import type { PushItem } from './record-outcomes.ts';

/**
 * Changes the links of items as they stand at this moment, in one transaction. Where the change
 * answers null the link is no longer what it was when the item was read, and is left alone.
 *
 * @param among which of them may be changed at all, asked within that transaction
 * @returns the items whose links were changed
 */
export async function changeLinks<Item extends PushItem>(
  run: LaneRun,
  items: readonly Item[],
  change: (link: ContactLink, item: Item) => ContactLink | null,
  among: (tx: Tx, links: ContactLink[]) => Promise<ContactLink[]> = async (_tx, links) => links,
): Promise<Item[]> {
  const { scope, xeroOrgId } = run;
  return run.record(async (tx) => {
    const ids = items.map((item) => item.party.id);
    const links = await among(tx, await linksOfParties(tx, scope, xeroOrgId, ids));
    const linkOf = new Map(links.map((link) => [link.partyId, link]));
    const changed = items.flatMap((item) => {
      const link = linkOf.get(item.party.id);
      const after = link && change(link, item);
      return after ? [{ item, after }] : [];
    });
    await saveLinks(
      tx,
      scope,
      changed.map(({ after }) => after),
    );
    return changed.map(({ item }) => item);
  });
}
