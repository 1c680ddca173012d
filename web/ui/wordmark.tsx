import { Group, Text } from '@mantine/core';

/** The name of the product as it stands in the head of every page. */
export function Wordmark() {
  return (
    <Group gap={8} wrap="nowrap">
      <img src="/favicon.svg" alt="" width={26} height={26} />
      <Text fw={650} fz={18} component="span" style={{ letterSpacing: '-0.01em' }}>
        Bursar
      </Text>
    </Group>
  );
}
