import { Button, Group, Paper, Select, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import {
  IMPORT_TARGETS,
  type ImportMapping,
  type ImportRun,
  type ImportTarget,
  importTargets,
} from '#contract/imports';
import { useAction } from '../../api/actions.ts';
import { type Column, Table } from '../../table/table.tsx';
import { ProblemAlert } from '../../ui/problem.tsx';
import { DiscardImport } from './DiscardImport.tsx';

type ImportColumn = ImportRun['columns'][number];

const LEAVE_OUT = 'leave-out';
const choices = [
  { value: LEAVE_OUT, label: 'Leave out' },
  ...IMPORT_TARGETS.map((target) => ({ value: target, label: importTargets[target] })),
];

/** Matches each column of a CSV file to what it is here; a proposal stands already. */
export function ImportMappingStep({ run, onDone }: { run: ImportRun; onDone: () => void }) {
  const [mapping, setMapping] = useState<ImportMapping>(() =>
    Object.fromEntries(run.columns.map(({ name, target }) => [name, target])),
  );
  const set = useAction('setImportOptions', { failure: 'inline', onDone });
  const doubles = doubledTargets(mapping);
  return (
    <Stack gap="lg">
      <Text maw={720}>
        Say what each column is. Matches found by name are filled in; look them over. At least a
        last name or a full name is needed.
      </Text>
      <Paper>
        <Table
          label="Columns of the file"
          columns={columnsOf(mapping, doubles, (name, target) =>
            setMapping((old) => ({ ...old, [name]: target })),
          )}
          rows={run.columns}
          keyOf={(column) => column.name}
        />
      </Paper>
      {set.error && <ProblemAlert error={set.error} takesFocus />}
      <Group>
        <Button
          loading={set.isPending}
          disabled={doubles.size > 0}
          onClick={() => set.mutate({ params: { importId: run.id }, body: { mapping } })}
        >
          Show what would happen
        </Button>
        <DiscardImport run={run} />
      </Group>
    </Stack>
  );
}

function columnsOf(
  mapping: ImportMapping,
  doubles: ReadonlySet<ImportTarget>,
  set: (name: string, target: ImportTarget | null) => void,
): Column<ImportColumn>[] {
  return [
    { head: 'Column', cell: (column) => <Text fw={550}>{column.name}</Text> },
    {
      head: 'For example',
      cell: (column) => (
        <Text size="sm" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
          {column.samples.join(' · ') || 'empty'}
        </Text>
      ),
    },
    {
      head: 'Is the learner’s',
      cell: ({ name }) => {
        const target = mapping[name] ?? null;
        return (
          <Select
            aria-label={`What the column ${name} is`}
            data={choices}
            value={target ?? LEAVE_OUT}
            onChange={(chosen) =>
              set(name, IMPORT_TARGETS.find((target) => target === chosen) ?? null)
            }
            error={target && doubles.has(target) ? 'Chosen for two columns' : null}
            allowDeselect={false}
            searchable
            w={260}
          />
        );
      },
    },
  ];
}

function doubledTargets(mapping: ImportMapping): Set<ImportTarget> {
  const seen = new Set<ImportTarget>();
  const doubled = new Set<ImportTarget>();
  for (const target of Object.values(mapping)) {
    if (target && seen.has(target)) doubled.add(target);
    if (target) seen.add(target);
  }
  return doubled;
}
