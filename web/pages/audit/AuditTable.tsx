import { Text } from '@mantine/core';
import {
  IconBan,
  IconCircleCheck,
  IconExclamationCircle,
  IconListDetails,
} from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import type { AuditEntry, AuditOutcome } from '#contract/audit';
import { askPages } from '../../api/queries.ts';
import { Paged } from '../../table/paged.tsx';
import { type Column, Table } from '../../table/table.tsx';
import { Empty } from '../../ui/empty.tsx';
import { StateBadge } from '../../ui/state-badge.tsx';
import type { Look } from '../../ui/states.ts';
import { datesInWords, momentText } from '../../util/dates.ts';
import type { AuditFilters } from './audit-filters.ts';

const outcomeLooks: Record<AuditOutcome, Look> = {
  done: { word: 'Done', colour: 'moss', icon: IconCircleCheck },
  refused: { word: 'Refused', colour: 'amber', icon: IconBan },
  failed: { word: 'Failed', colour: 'brick', icon: IconExclamationCircle },
};

const columns: Column<AuditEntry>[] = [
  { head: 'When', cell: ({ at }) => <span className="figures">{momentText(at)}</span> },
  { head: 'Who', cell: ({ actor }) => nameOf(actor) },
  { head: 'What', cell: (entry) => <What entry={entry} /> },
  { head: 'From', isMinor: true, cell: ({ origin }) => <Origin origin={origin} /> },
  { head: 'Outcome', cell: ({ outcome }) => <StateBadge look={outcomeLooks[outcome]} /> },
  {
    head: 'Entry',
    align: 'right',
    isMinor: true,
    cell: ({ position }) => <span className="figures">{position ?? 'being sealed'}</span>,
  },
];

/** The log itself, newest first. */
export function AuditTable({ filters }: { filters: AuditFilters }) {
  const query = useInfiniteQuery(askPages('listAudit', { query: filters }));
  return (
    <Paged
      query={query}
      noun="entries"
      empty={
        <Empty
          icon={IconListDetails}
          title="Nothing of this kind"
          text="No entry fits what is chosen above."
        />
      }
    >
      {(entries: AuditEntry[]) => (
        <Table label="Audit log" columns={columns} rows={entries} keyOf={({ id }) => id} />
      )}
    </Paged>
  );
}

function What({ entry: { what, facts } }: { entry: AuditEntry }) {
  return (
    <div>
      <Text size="sm" fw={550}>
        {what}
      </Text>
      {facts.length > 0 && (
        <Text size="sm" c="dimmed" lineClamp={3} style={{ overflowWrap: 'anywhere' }}>
          {datesInWords(facts.map(factText).join(' · '))}
        </Text>
      )}
    </div>
  );
}

/** An id is no news to a reader where it is known whose it is. */
function factText({ name, value, label }: AuditEntry['facts'][number]): string {
  return label === undefined ? `${name}: ${value}` : `${name.replace(/ id$/, '')}: ${label}`;
}

function Origin({ origin }: { origin: AuditEntry['origin'] }) {
  if (origin === null) return <Text c="dimmed">—</Text>;
  return (
    <div>
      <Text size="sm">{origin.agent}</Text>
      <Text size="sm" c="dimmed" className="figures">
        {origin.address}
      </Text>
    </div>
  );
}

function nameOf({ kind, name }: AuditEntry['actor']): string {
  return kind === 'api-key' ? `API key “${name}”` : name;
}
