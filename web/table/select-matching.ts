import type { Selected } from './use-selection.ts';

interface Row {
  id: string;
}

/** As much of a list that is read page by page as is needed to read on. */
interface Pages {
  data: { pages: readonly { items: readonly Row[] }[] } | undefined;
  hasNextPage: boolean;
  fetchNextPage: () => Promise<Pages & { isError: boolean }>;
}

/** Reads on until all that match are here, `max` at most, and ticks them; null when all are shown. */
export function selectMatching(
  query: Pages,
  selection: Selected,
  max: number,
): (() => Promise<void>) | null {
  if (!query.hasNextPage) return null;
  return async () => {
    let pages = query.data?.pages ?? [];
    let isMore = query.hasNextPage;
    while (isMore && countOf(pages) < max) {
      const { data, hasNextPage, isError } = await query.fetchNextPage();
      // The list says why, at its foot; part of those who match would pass for all of them.
      if (isError) return;
      pages = data?.pages ?? pages;
      isMore = hasNextPage;
    }
    const ids = pages.flatMap((page) => page.items.map((row) => row.id));
    selection.set(ids.slice(0, max));
  };
}

function countOf(pages: readonly { items: readonly unknown[] }[]): number {
  return pages.reduce((sum, page) => sum + page.items.length, 0);
}
