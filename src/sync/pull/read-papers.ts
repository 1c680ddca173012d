import type { DocumentKind } from '#contract/billing';
import type { OrgClient, WirePage } from '#xero/index';
import type { WirePaper } from './mirror-documents.ts';

/** Which papers to read: of ids, of contacts, or changed since. */
export interface PaperQuery {
  /** At most 50. */
  ids?: readonly string[];
  /** At most 50. */
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
