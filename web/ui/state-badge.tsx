import { Badge } from '@mantine/core';
import type { Look } from './states.ts';

/** A state as word, colour and icon. */
export function StateBadge({ look }: { look: Look }) {
  const Icon = look.icon;
  return (
    <Badge
      color={look.colour}
      variant="light"
      size="lg"
      radius="sm"
      tt="none"
      fw={550}
      fz={13}
      px={8}
      leftSection={<Icon size={15} stroke={2} aria-hidden />}
      style={{ flex: 'none', minWidth: 'max-content' }}
    >
      {look.word}
    </Badge>
  );
}
