import type { DocumentKind } from '#contract/billing';
import {
  CREDITS_PER_READ,
  IDS_PER_READ,
  isFilterRefused,
  type OrgClient,
  type WirePage,
} from '#xero/index';
import type { WirePaper } from './mirror-documents.ts';
import type { NoticeKind } from './notice-store.ts';

/** How many of a kind one call can be asked for by their ids. */
export function idsPerRead(kind: NoticeKind): number {
  return kind === 'contact' || kind === 'invoice' ? IDS_PER_READ : CREDITS_PER_READ;
}

/** Which papers to read: of ids, of contacts, or changed since. */
export interface PaperQuery {
  /** At most as many as one call can be asked for. */
  ids?: readonly string[];
  /** At most as many. */
  contactIds?: readonly string[];
  modifiedSince?: Date;
  /** Xero's own filter language. */
  where?: string;
  page: number;
  pageSize: number;
  order?: string;
}

/** One page of papers of a kind. A page is always asked for: without one Xero leaves out lines. */
export function pageOfPapers(
  client: OrgClient,
  kind: DocumentKind,
  query: PaperQuery,
): Promise<WirePage<WirePaper>> {
  return kind === 'invoice' ? client.invoices(query) : client.credits(kind, query);
}

/** Papers of one kind as they were read, and rows that had no shape we know. */
export type PaperPage = Pick<WirePage<WirePaper>, 'rows' | 'unreadable'>;

/** Papers that one act asks for one by one, a call each: the limits of a minute have to do. */
const ALONE_PER_ACT = 20;

/** Of papers by their ids, what Xero told; `asked` are those of the ids that it was asked for. */
export interface PapersById extends PaperPage {
  /** Whether all that was found could be read. */
  isReadable: boolean;
  asked: readonly string[];
}

/**
 * As many papers by their ids as one call can be asked for. Credit notes can be asked for so only by a
 * filter, which Xero refuses where there are more than 100,000: then some of them, one by one.
 */
export async function papersByIds(
  client: OrgClient,
  kind: DocumentKind,
  ids: readonly string[],
): Promise<PapersById> {
  try {
    const { rows, unreadable } = await pageOfPapers(client, kind, {
      ids,
      page: 1,
      pageSize: ids.length,
    });
    return { rows, unreadable, isReadable: unreadable.length === 0, asked: ids };
  } catch (error) {
    if (kind === 'invoice' || !isFilterRefused(error)) throw error;
    const asked = ids.slice(0, ALONE_PER_ACT);
    const rows: WirePaper[] = [];
    for (const id of asked) {
      const row = await client.credit(kind, id);
      if (row) rows.push(row);
    }
    return { rows, unreadable: [], isReadable: rows.length === asked.length, asked };
  }
}
