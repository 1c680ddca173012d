import { Paper, Stack, Tabs, Text } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import {
  IMPORT_VERDICTS,
  type ImportRow,
  type ImportRun,
  type ImportVerdict,
} from '#contract/imports';
import { askPages } from '../../api/queries.ts';
import { Paged } from '../../table/paged.tsx';
import { type Column, Table } from '../../table/table.tsx';
import { Changes } from '../../ui/changes.tsx';
import { TextLink } from '../../ui/links.tsx';
import { verdictLooks } from '../../ui/states.ts';
import { datesInWords } from '../../util/dates.ts';
import { paths } from '../../util/paths.ts';

/** The rows of an import under tabs, one for each verdict; opens at the first that has any. */
export function ImportRows({ run }: { run: ImportRun }) {
  const first = IMPORT_VERDICTS.find((verdict) => run.counts[verdict] > 0) ?? 'new';
  const [chosen, setChosen] = useState<ImportVerdict | null>(null);
  const verdict = chosen ?? first;
  return (
    <Paper>
      <Tabs
        value={verdict}
        onChange={(value) =>
          setChosen(IMPORT_VERDICTS.find((verdict) => verdict === value) ?? null)
        }
        keepMounted={false}
      >
        <Tabs.List px="xs">
          {IMPORT_VERDICTS.map((option) => {
            const { word, icon: Icon, colour } = verdictLooks[option];
            return (
              <Tabs.Tab
                key={option}
                value={option}
                leftSection={
                  <Icon size={16} color={`var(--mantine-color-${colour}-text)`} aria-hidden />
                }
              >
                {word}{' '}
                <Text span c="dimmed" size="sm" className="figures">
                  {run.counts[option].toLocaleString('en-AU')}
                </Text>
              </Tabs.Tab>
            );
          })}
        </Tabs.List>
        {IMPORT_VERDICTS.map((option) => (
          <Tabs.Panel key={option} value={option}>
            <Rows run={run} verdict={option} />
          </Tabs.Panel>
        ))}
      </Tabs>
    </Paper>
  );
}

const noneTexts: Record<ImportVerdict, string> = {
  new: 'No row is a new learner.',
  changed: 'No row changes a learner who is here already.',
  unchanged: 'No row repeats what is here already.',
  faulty: 'No row is faulty.',
};

function Rows({ run, verdict }: { run: ImportRun; verdict: ImportVerdict }) {
  const query = useInfiniteQuery(
    askPages('listImportRows', { params: { importId: run.id }, query: { verdict } }),
  );
  return (
    <Paged
      query={query}
      noun="rows"
      empty={
        <Text p="lg" c="dimmed">
          {noneTexts[verdict]}
        </Text>
      }
    >
      {(rows: ImportRow[]) => (
        <Table
          label={`${verdictLooks[verdict].word} rows`}
          columns={columns}
          rows={rows}
          keyOf={(row) => String(row.line)}
        />
      )}
    </Paged>
  );
}

const columns: Column<ImportRow>[] = [
  {
    head: 'Name',
    cell: (row) =>
      row.learnerId ? <TextLink {...paths.learner(row.learnerId)}>{row.name}</TextLink> : row.name,
  },
  { head: 'Line', align: 'right', cell: (row) => <span className="figures">{row.line}</span> },
  { head: 'What happens', cell: (row) => <Reasons row={row} /> },
];

const CHANGES_SHOWN = 8;

/** A new learner's fields run on in one paragraph; changes to a known one stand line by line. */
function Reasons({ row }: { row: ImportRow }) {
  const changes = row.changes.slice(0, CHANGES_SHOWN);
  const hidden = row.changes.length - changes.length;
  const isNew = row.verdict === 'new';
  return (
    <Stack gap={2} style={{ minWidth: 0 }}>
      {row.reasons.map((reason) => (
        <Text key={reason} size="sm">
          {reason}
        </Text>
      ))}
      {isNew && (
        <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
          {changes.map(({ field, to }, index) => (
            <span key={field}>
              {index > 0 && ' · '}
              <Text span size="sm" c="dimmed">
                {field}
              </Text>{' '}
              {to && datesInWords(to)}
            </span>
          ))}
        </Text>
      )}
      {!isNew && <Changes changes={changes} />}
      {hidden > 0 && (
        <Text size="sm" c="dimmed">
          and {hidden} more {hidden === 1 ? 'field' : 'fields'}
        </Text>
      )}
    </Stack>
  );
}
