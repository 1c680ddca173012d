import { Alert, Button, Group, Paper, Select, Stack, Text } from '@mantine/core';
import { IconDownload, IconShieldCheck } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { type AcceptedRestore, type AuditArea, auditAreas } from '#contract/audit';
import { useAction } from '../../api/actions.ts';
import { useMay } from '../../api/may.ts';
import { ask } from '../../api/queries.ts';
import { toastDone } from '../../stores/toast.ts';
import { DayField } from '../../ui/day-field.tsx';
import { Loading } from '../../ui/loading.tsx';
import { NotAllowed } from '../../ui/not-allowed.tsx';
import { Page } from '../../ui/page.tsx';
import { ProblemAlert } from '../../ui/problem.tsx';
import { momentText } from '../../util/dates.ts';
import { AuditTable } from './AuditTable.tsx';
import { type AuditChoice, filtersOf } from './audit-filters.ts';
import { useAuditExport } from './use-audit-export.ts';

/** Who did what, when, from where: to be looked at, narrowed down, checked and taken out. */
export function AuditPage() {
  const may = useMay('audit.view');
  return (
    <Page
      title="Audit log"
      lead="Everything that people, programs and Bursar did here. Entries are sealed one to the next, so that a later change of any of them is found; they are kept for as long as the provider is here."
    >
      {may.allowed ? (
        <Log />
      ) : (
        <Paper>
          <NotAllowed title="The audit log is not shown to you" reason={may.reason} />
        </Paper>
      )}
    </Page>
  );
}

const areas = Object.entries(auditAreas).map(([value, { label }]) => ({ value, label }));

function Log() {
  const [choice, setChoice] = useState<AuditChoice>({
    area: null,
    actor: null,
    from: '',
    to: '',
  });
  const exporting = useAuditExport(choice);
  const choose = (part: Partial<AuditChoice>) => setChoice((present) => ({ ...present, ...part }));
  return (
    <>
      <Standing />
      <Group align="flex-end" gap="md">
        <Select
          label="Act"
          placeholder="All acts"
          clearable
          data={areas}
          value={choice.area}
          onChange={(area) => choose({ area: area as AuditArea | null })}
        />
        <ActorChoice value={choice.actor} choose={(actor) => choose({ actor })} />
        <DayField label="From" value={choice.from} onChange={(from) => choose({ from })} />
        <DayField label="To" value={choice.to} onChange={(to) => choose({ to })} />
        <Button
          variant="default"
          leftSection={<IconDownload size={16} aria-hidden />}
          loading={exporting.isRunning}
          onClick={() => exporting.run('csv')}
        >
          Export CSV
        </Button>
        <Button
          variant="default"
          leftSection={<IconDownload size={16} aria-hidden />}
          loading={exporting.isRunning}
          onClick={() => exporting.run('jsonl')}
        >
          Export JSON lines
        </Button>
      </Group>
      <Paper>
        <AuditTable filters={filtersOf(choice)} />
      </Paper>
    </>
  );
}

function ActorChoice({
  value,
  choose,
}: {
  value: string | null;
  choose: (actor: string | null) => void;
}) {
  const members = useQuery(ask('listMembers'));
  const keys = useQuery(ask('listApiKeys'));
  const people = (members.data?.items ?? []).map(({ personId, name }) => ({
    value: String(personId),
    label: name,
  }));
  const programs = (keys.data?.items ?? []).map(({ id, name }) => ({
    value: String(id),
    label: `API key “${name}”`,
  }));
  return (
    <Select
      label="Who"
      placeholder="Everybody"
      clearable
      data={[...people, ...programs, { value: 'bursar', label: 'Bursar itself' }]}
      value={value}
      onChange={choose}
    />
  );
}

/** How far the log is sealed, what the last check said, and the way to check again. */
function Standing() {
  const standing = useQuery(ask('auditStanding'));
  const check = useAction('checkAudit', {
    onDone: ({ entries, fault }) =>
      fault === null && toastDone(`All ${entries} sealed entries are as they were.`),
  });
  // What can't be read now may be a fault that was found: nothing is claimed before it is here.
  if (standing.error && !standing.data) {
    return <ProblemAlert error={standing.error} retry={() => standing.refetch()} />;
  }
  if (!standing.data) return <Loading rows={2} />;
  const { head, lastCheck, restores } = standing.data;
  const button = (
    <Button variant="default" loading={check.isPending} onClick={() => check.mutate({})}>
      Check now
    </Button>
  );
  if (lastCheck?.fault) {
    return (
      <Alert color="brick" title="This log is not as it was sealed">
        <Stack gap="sm" align="flex-start">
          <Text size="sm">
            {lastCheck.fault} Found {momentText(lastCheck.checkedAt)}. Tell the people who run
            Bursar, and keep a copy of the log as it is.
          </Text>
          <Restores restores={restores} />
          {button}
        </Stack>
      </Alert>
    );
  }
  return (
    <Paper p="md">
      <Group justify="space-between">
        <Group gap="sm" wrap="nowrap">
          <IconShieldCheck size={20} aria-hidden />
          <div>
            <Text size="sm">
              {head ? `Sealed up to entry ${head.position}` : 'Nothing is sealed yet'}
              {head?.eventAt ? `, of ${momentText(head.eventAt)}` : ''}
            </Text>
            <Text size="sm" c="dimmed">
              {lastCheck
                ? `Verified up to entry ${lastCheck.entries} on ${momentText(lastCheck.checkedAt)}`
                : 'Checked once a day; not checked yet'}
            </Text>
            <Restores restores={restores} />
          </div>
        </Group>
        {button}
      </Group>
    </Paper>
  );
}

/** Where a backup was put back, which stays to be seen for as long as the log is here. */
function Restores({ restores }: { restores: readonly AcceptedRestore[] }) {
  return restores.map(({ acceptedAt, keptUpTo, noted }) => (
    <Text key={acceptedAt} size="sm" c="dimmed">
      A backup was put back, as the people who run Bursar said on {momentText(acceptedAt)}: what
      came after entry {keptUpTo}, up to entry {noted}, may be gone.
    </Text>
  ));
}
