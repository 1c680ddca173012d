import { Badge, Group, Paper, Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { type DriftAct, driftFieldNames, type FieldDrift, type PartyDrift } from '#contract/drift';
import { useAction } from '../../api/actions.ts';
import { useMay } from '../../api/may.ts';
import { ask } from '../../api/queries.ts';
import { toastDone } from '../../stores/toast.ts';
import { type Column, Table } from '../../table/table.tsx';
import { GuardedButton } from '../../ui/guarded-button.tsx';
import { TextLink } from '../../ui/links.tsx';
import { ProblemAlert } from '../../ui/problem.tsx';
import { momentText } from '../../util/dates.ts';
import { paths } from '../../util/paths.ts';

const DONE: Record<DriftAct, string> = {
  take: 'Xero’s value is in the record here now.',
  push: 'Ours is on its way to Xero.',
  ignore: 'Both stay as they are. It is asked again once either changes.',
  'ask-again': 'It is asked about again.',
};

/** Where a learner or workplace and its contact in Xero differ, field by field, with what to do. */
export function DriftCard({ partyId }: { partyId: string }) {
  const answer = useQuery(ask('partyDrift', { params: { partyId } }));
  if (answer.error && !answer.data) {
    return <ProblemAlert error={answer.error} retry={() => answer.refetch()} />;
  }
  const drift = answer.data?.drift;
  return drift ? <Differences partyId={partyId} drift={drift} /> : null;
}

/** The acts of one field, or of all of them, as buttons. */
type Decide = (act: DriftAct, field?: FieldDrift['field']) => void;

function Differences({ partyId, drift }: { partyId: string; drift: PartyDrift }) {
  const sync = useMay('learners.sync');
  const edit = useMay('learners.edit');
  const decision = useAction('decideDrift', {
    onDone: (_answer, { body }) => toastDone(DONE[body.act]),
  });
  const decide: Decide = (act, field) => {
    const { version } = drift;
    const body = { act, version, ...(field ? { fields: [field] } : {}) };
    decision.mutate({ params: { partyId }, body });
  };
  const open = drift.fields.filter((one) => one.state === 'open');
  const may = { sync: sync.reason, take: sync.reason ?? edit.reason };
  const columns: Column<FieldDrift>[] = [
    { head: 'Field', cell: ({ field }) => <Text fw={600}>{driftFieldNames[field]}</Text> },
    { head: 'In Bursar', cell: ({ ours }) => <Value text={ours} /> },
    { head: 'In Xero', cell: ({ theirs }) => <Value text={theirs} /> },
    {
      head: 'What stands?',
      cell: (one) => <Acts one={one} may={may} busy={decision.isPending} decide={decide} />,
    },
  ];
  return (
    <Paper component="section" aria-label="Differences from Xero">
      <Stack gap="sm" p="lg" pb="sm">
        <Group gap="sm">
          <Title order={2} size="h3">
            {open.length > 0 ? 'Changed in Xero, different here' : 'May differ from Xero'}
          </Title>
          {open.length > 0 && (
            <Badge color="amber" variant="light" tt="none">
              {open.length} to decide
            </Badge>
          )}
        </Group>
        <Text size="sm" c="dimmed">
          {drift.organisationName}
          {drift.changedAt && `, changed ${momentText(drift.changedAt)}`}. Xero does not say by
          whom. Nothing is overwritten before somebody decides; everything else goes on. A rule can
          decide for all:{' '}
          <TextLink {...paths.syncRules} underline="always">
            Sync rules
          </TextLink>
          .
        </Text>
      </Stack>
      <Table
        label="Differences from Xero"
        columns={columns}
        rows={drift.fields}
        keyOf={({ field }) => field}
      />
      {open.length > 1 && (
        <Group gap="xs" p="lg" pt="sm" role="group" aria-label="All fields">
          <Text size="sm">All {open.length} fields:</Text>
          <ActButtons label="" may={may} busy={decision.isPending} decide={(act) => decide(act)} />
        </Group>
      )}
    </Paper>
  );
}

function Value({ text }: { text: string | null }) {
  if (text === null) return <Text c="dimmed">Empty</Text>;
  return <Text style={{ overflowWrap: 'anywhere' }}>{text}</Text>;
}

interface ActsProps {
  may: { sync: string | null; take: string | null };
  busy: boolean;
  decide: Decide;
}

function Acts({ one, ...props }: ActsProps & { one: FieldDrift }) {
  const name = driftFieldNames[one.field];
  if (one.state === 'ignored') {
    return (
      <Group gap="xs">
        <Text size="sm" c="dimmed">
          Both may stay.
        </Text>
        <GuardedButton
          size="compact-sm"
          variant="default"
          reason={props.may.sync}
          disabled={props.busy}
          aria-label={`Ask again, ${name}`}
          onClick={() => props.decide('ask-again', one.field)}
        >
          Ask again
        </GuardedButton>
      </Group>
    );
  }
  const may = { ...props.may, take: one.cannotTake ?? props.may.take };
  return (
    <Stack gap={4}>
      <Group gap={6}>
        <ActButtons
          label={`, ${name}`}
          may={may}
          busy={props.busy}
          decide={(act) => props.decide(act, one.field)}
        />
      </Group>
      {one.cannotTake && (
        <Text size="sm" c="dimmed">
          {one.cannotTake}
        </Text>
      )}
    </Stack>
  );
}

const BUTTONS = [
  { act: 'take', words: 'Keep Xero’s' },
  { act: 'push', words: 'Push ours' },
  { act: 'ignore', words: 'Ignore' },
] as const;

/** `label` tells buttons of several fields apart for those who hear them. */
function ActButtons({ label, may, busy, decide }: ActsProps & { label: string }) {
  return BUTTONS.map(({ act, words }) => (
    <GuardedButton
      key={act}
      size="compact-sm"
      variant="default"
      reason={act === 'take' ? may.take : may.sync}
      disabled={busy}
      {...(label ? { 'aria-label': `${words}${label}` } : {})}
      onClick={() => decide(act)}
    >
      {words}
    </GuardedButton>
  ));
}
