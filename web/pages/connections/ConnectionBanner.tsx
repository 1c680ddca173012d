import { Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useRouterState } from '@tanstack/react-router';
import { Suspense } from 'react';
import { type ConnectionNews, MILD_TROUBLES } from '#contract/connection-life';
import { roleMay } from '#contract/permissions';
import { ask } from '../../api/queries.ts';
import { useMe } from '../../api/session.ts';
import { momentText } from '../../util/dates.ts';
import { soon } from '../../util/soon.ts';

const ConnectionLines = soon(async () => (await import('./ConnectionLines.tsx')).ConnectionLines);

const ASKED_AGAIN_MS = 60_000;

/**
 * One calm line on every page about each connection that is not just working, for those who can act;
 * the others are told only where they look at what comes from Xero.
 */
export function ConnectionBanner() {
  const mayAct = roleMay(useMe().role, 'connections.manage');
  const news = useQuery({ ...ask('listConnectionNews'), refetchInterval: ASKED_AGAIN_MS });
  const place = useRouterState({ select: (state) => state.location.pathname });
  const lines = news.data?.news ?? [];
  const isOnHold = news.data?.isOnHold ?? false;
  if (isOnHold || mayAct) {
    return !isOnHold && lines.length === 0 ? null : (
      <Suspense>
        <ConnectionLines lines={lines} isOnHold={isOnHold} />
      </Suspense>
    );
  }
  const stopped = lines.find((one) => isStopped(one));
  return stopped && FROM_XERO.test(place) ? <SoftNote news={stopped} /> : null;
}

/** Pages that show what comes from Xero. */
const FROM_XERO = /^\/(invoices|(learners|workplaces)\/[^/]+)(\/|$)/;

function isStopped({ trouble, state }: ConnectionNews): boolean {
  return state === 'paused' || (trouble !== null && !MILD_TROUBLES.includes(trouble.code));
}

function SoftNote({ news }: { news: ConnectionNews }) {
  const since = news.trouble ? ` since ${momentText(news.trouble.since)}` : '';
  return (
    <Text role="status" size="sm" c="dimmed" mb="md">
      What comes from {news.organisationName} in Xero may be out of date{since}. Those who can put
      it right know of it, and nothing is lost.
    </Text>
  );
}
