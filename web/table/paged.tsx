import { Button, Group, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { Loading } from '../ui/loading.tsx';
import { ProblemAlert } from '../ui/problem.tsx';

/** What an infinite query tells, as far as a list needs it. */
interface PagedQuery<Item> {
  data?: { pages: { items: Item[] }[] } | undefined;
  error: unknown;
  hasNextPage: boolean;
  isFetchNextPageError: boolean;
  isFetchingNextPage: boolean;
  fetchNextPage: () => unknown;
  refetch: () => unknown;
}

interface PagedProps<Item> {
  query: PagedQuery<Item>;
  /** "learners", for the count at the foot. */
  noun: string;
  empty: ReactNode;
  children: (items: Item[]) => ReactNode;
}

/** A list that grows page by page, with its loading, failed and empty states. */
export function Paged<Item>({ query, noun, empty, children }: PagedProps<Item>) {
  if (!query.data) {
    return query.error ? (
      <ProblemAlert error={query.error} retry={() => query.refetch()} />
    ) : (
      <Loading />
    );
  }
  const items = query.data.pages.flatMap((page) => page.items);
  if (items.length === 0) return empty;
  return (
    <>
      {children(items)}
      {query.isFetchNextPageError && (
        // The list may be long and what asked for more far above: the focus brings it into view.
        <ProblemAlert error={query.error} retry={() => query.fetchNextPage()} takesFocus />
      )}
      {(query.hasNextPage || items.length > 25) && (
        <Group justify="center" p="md" gap="lg">
          <Text size="sm" c="dimmed" role="status">
            {items.length} {noun} shown
          </Text>
          {query.hasNextPage && (
            <Button
              variant="default"
              loading={query.isFetchingNextPage}
              onClick={() => query.fetchNextPage()}
            >
              Show more
            </Button>
          )}
        </Group>
      )}
    </>
  );
}
