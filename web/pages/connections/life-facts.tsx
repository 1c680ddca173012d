import { Progress, Stack } from '@mantine/core';
import type { ConnectionLife } from '#contract/connection-life';
import type { Fact } from '../../ui/facts.tsx';
import { countryText } from '../../util/countries.ts';
import { momentText } from '../../util/dates.ts';

/** Who is connected, by whom, and when that was last looked at. */
export function organisationFacts({ connection, ...life }: ConnectionLife): Fact[] {
  const { organisation } = connection;
  return [
    { label: 'Legal name', value: organisation?.legalName },
    { label: 'Country', value: countryText(organisation?.country ?? null) },
    { label: 'Base currency', value: organisation?.baseCurrency },
    { label: 'Tax number', value: organisation?.taxNumber },
    { label: 'Kind', value: organisation?.isDemo ? 'Demo company' : 'Real organisation' },
    { label: 'Connected since', value: timeText(connection.connectedAt) },
    { label: 'Connected by', value: connection.connectedBy },
    { label: 'Allowed in Xero by', value: connection.xeroPerson },
    { label: 'Described by Xero', value: timeText(life.describedAt) },
    { label: 'Last looked at', value: timeText(life.checkedAt) },
    { label: 'Looked at next', value: life.nextCheckAt ? momentText(life.nextCheckAt) : 'Not now' },
    { label: 'In step since', value: timeText(life.inStepAt) },
  ];
}

/** What was used of what Xero allows in a day. */
export function usageFacts({ usage }: ConnectionLife): Fact[] {
  const { callsToday, callsPerDay, callsPerMinute, callsAtOnce, bytesToday } = usage;
  const share = callsPerDay === 0 ? 0 : (callsToday / callsPerDay) * 100;
  const calls = (
    <Stack gap={4}>
      <span className="figures">
        {figure(callsToday)} of {figure(callsPerDay)}
      </span>
      <Progress value={share} size="sm" aria-label="Share of today’s calls used" />
    </Stack>
  );
  return [
    { label: 'Calls', value: calls },
    { label: 'Read from Xero', value: <span className="figures">{bytesText(bytesToday)}</span> },
    { label: 'At most', value: `${callsPerMinute} a minute, ${callsAtOnce} at once` },
    { label: 'Last call', value: timeText(usage.lastCallAt) },
  ];
}

/** Whether Xero tells of changes by itself, and what happens while it does not. */
export function webhookFacts({ webhooks }: ConnectionLife): Fact[] {
  if (!webhooks.isSetUp) {
    return [
      { label: 'Set up', value: 'No' },
      // The longest waits of `src/sync/pull/sweep-pace.ts`.
      {
        label: 'Without them',
        value:
          'Changes in Xero are found by looking: invoices and payments on them within 40 minutes, contacts within 2 hours, credit within 6 hours.',
      },
    ];
  }
  return [
    { label: 'Set up', value: webhooks.isSilent ? 'Yes, but nothing arrives' : 'Yes' },
    { label: 'Last heard', value: timeText(webhooks.lastHeardAt) },
    { label: 'Last checked by Xero', value: timeText(webhooks.verifiedAt) },
    {
      label: 'Found without a notice',
      value:
        webhooks.unnoticed === 0
          ? 'Nothing'
          : `${figure(webhooks.unnoticed)} changes, by looking; nothing is lost`,
    },
  ];
}

/** How old the permission is and when it is renewed, without any of its secrets. */
export function permissionFacts(permission: NonNullable<ConnectionLife['permission']>): Fact[] {
  return [
    { label: 'Works', value: permission.isAlive ? 'Yes' : 'No: reconnect' },
    { label: 'Renewed', value: momentText(permission.renewedAt) },
    { label: 'Renewed with the first call after', value: momentText(permission.renewsFrom) },
    { label: 'Ends if unused until', value: momentText(permission.endsAt) },
  ];
}

function timeText(instant: string | null): string {
  return instant ? momentText(instant) : 'Not yet';
}

function figure(count: number): string {
  return count.toLocaleString('en-AU');
}

const KILO = 1_000;

/** Bytes as people read them: `812 B`, `4.2 kB`, `1.3 MB`. */
function bytesText(bytes: number): string {
  if (bytes < KILO) return `${bytes} B`;
  const kilobytes = bytes / KILO;
  return kilobytes < KILO ? `${kilobytes.toFixed(1)} kB` : `${(kilobytes / KILO).toFixed(1)} MB`;
}
