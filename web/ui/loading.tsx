import { Skeleton, Stack, VisuallyHidden } from '@mantine/core';

/** The shape of what comes, while it comes. */
export function Loading({ rows = 6, height = 20 }: { rows?: number; height?: number }) {
  return (
    <Stack gap="md" p="md" aria-busy>
      <VisuallyHidden role="status">Loading</VisuallyHidden>
      {Array.from({ length: rows }, (_, row) => `row-${row}`).map((key) => (
        <Skeleton key={key} height={height} radius="sm" />
      ))}
    </Stack>
  );
}
