import { Stack, Text } from '@mantine/core';
import { datesInWords } from '../util/dates.ts';

interface Change {
  /** The field's name as people read it. */
  field: string;
  from: string | null;
  to: string | null;
}

/** What changed, field by field, from and to. */
export function Changes({ changes }: { changes: readonly Change[] }) {
  if (changes.length === 0) return null;
  return (
    <Stack gap={2}>
      {changes.map(({ field, from, to }) => (
        <Text key={field} size="sm" style={{ overflowWrap: 'anywhere' }}>
          <Text span size="sm" c="dimmed">
            {field}:
          </Text>{' '}
          {from !== null && <s>{datesInWords(from)}</s>}{' '}
          {to === null ? 'emptied' : datesInWords(to)}
        </Text>
      ))}
    </Stack>
  );
}
