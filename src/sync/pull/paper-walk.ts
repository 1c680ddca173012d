import { z } from 'zod';
import { DocumentKind } from '#contract/billing';
import type { WirePage } from '#xero/index';
import { afterPage, freshCursor } from './cursor-store.ts';
import type { WirePaper } from './mirror-documents.ts';
import { seenOn } from './walk.ts';

const instant = z.coerce.date().nullable();

/**
 * How far papers have been read, as it is kept in a column: from an instant on, as sweeps do, and
 * one kind after the other, since Xero lists each by itself.
 */
export const PaperWalk = z.object({
  kind: DocumentKind,
  position: instant,
  page: z.int(),
  newestSeen: instant,
});
export type PaperWalk = z.infer<typeof PaperWalk>;

/** A walk at the beginning of a kind. */
export function walkOf(kind: DocumentKind): PaperWalk {
  return { kind, position: null, page: 1, newestSeen: null };
}

/** The walk after a page: further in its kind, or at the next of `kinds`; null after the last. */
export function walkAfter(
  walk: PaperWalk,
  page: WirePage<WirePaper>,
  kinds: readonly DocumentKind[],
): PaperWalk | null {
  const from = { ...freshCursor('invoices'), ...walk, isWalking: true };
  const { isWalking, position, page: nextPage, newestSeen } = afterPage(from, seenOn(page));
  if (isWalking) return { kind: walk.kind, position, page: nextPage, newestSeen };
  const next = kinds[kinds.indexOf(walk.kind) + 1];
  return next ? walkOf(next) : null;
}
