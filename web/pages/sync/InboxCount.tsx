import { Badge } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { ask } from '../../api/queries.ts';

/** How much waits in the inbox, for the navigation; nothing where nothing does. */
export function InboxCount() {
  const { data } = useQuery(ask('syncInboxCount'));
  if (!data || data.open === 0) return null;
  return (
    <Badge color="brick" variant="light" size="sm" aria-label={`${data.open} open problems`}>
      {data.open > 999 ? '999+' : data.open}
    </Badge>
  );
}
