import { z } from 'zod';
import { DocumentKind } from '#contract/billing';
import type { WirePage } from '#xero/index';
import { afterPage, freshCursor } from './cursor-store.ts';
import type { WirePaper } from './mirror-documents.ts';
import { seenOn } from './walk.ts';

const instant = z.coerce.date().nullable();

/** How far a list has been read, as it is kept in a column: from an instant on, as sweeps do. */
export const ListWalk = z.object({ position: instant, page: z.int(), newestSeen: instant });
export type ListWalk = z.infer<typeof ListWalk>;

/** The same of papers, one kind after the other, since Xero lists each by itself. */
export const PaperWalk = ListWalk.extend({ kind: DocumentKind });
export type PaperWalk = z.infer<typeof PaperWalk>;

/** A walk at the beginning of a list. */
export const BEGINNING: ListWalk = { position: null, page: 1, newestSeen: null };

/** A walk at the beginning of a kind. */
export function walkOf(kind: DocumentKind): PaperWalk {
  return { kind, ...BEGINNING };
}

/** The walk after a page; null where it was the last. */
export function walkOn(
  walk: ListWalk,
  page: WirePage<{ updatedAt: Date | null }>,
): ListWalk | null {
  const from = { ...freshCursor('contacts'), ...walk, isWalking: true };
  const { isWalking, position, page: nextPage, newestSeen } = afterPage(from, seenOn(page));
  return isWalking ? { position, page: nextPage, newestSeen } : null;
}

/** The walk after a page: further in its kind, or at the next of `kinds`; null after the last. */
export function walkAfter(
  walk: PaperWalk,
  page: WirePage<WirePaper>,
  kinds: readonly DocumentKind[],
): PaperWalk | null {
  const further = walkOn(walk, page);
  if (further) return { kind: walk.kind, ...further };
  const next = kinds[kinds.indexOf(walk.kind) + 1];
  return next ? walkOf(next) : null;
}
