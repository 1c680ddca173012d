import { SimpleGrid, Stack, Text } from '@mantine/core';
import type { ReactNode } from 'react';

export interface Fact {
  label: string;
  value: ReactNode;
  /** Too long for half a phone, and ugly when broken: an e-mail address. */
  isLong?: boolean;
}

/** Labels with their values; a value that is missing is said to be, quietly. */
export function Facts({ facts, columns = 3 }: { facts: readonly Fact[]; columns?: number }) {
  return (
    <SimpleGrid
      component="dl"
      cols={{ base: 2, md: columns }}
      spacing={{ base: 'sm', xs: 'lg' }}
      verticalSpacing="md"
      m={0}
    >
      {facts.map(({ label, value, isLong }) => (
        <Stack key={label} gap={2} className={isLong ? 'fact-long' : undefined}>
          <Text component="dt" size="sm" c="dimmed">
            {label}
          </Text>
          <Text component="dd" m={0} style={{ overflowWrap: 'anywhere' }}>
            {value ?? (
              <Text span c="dimmed">
                Not given
              </Text>
            )}
          </Text>
        </Stack>
      ))}
    </SimpleGrid>
  );
}
