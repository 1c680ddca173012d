import { Button, Group, TextInput } from '@mantine/core';
import { IconDownload, IconFileDescription, IconPrinter } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { Learner } from '#contract/learners';
import { useAction } from '../../api/actions.ts';
import { useOrganisationName } from '../../api/organisations.ts';
import { ask } from '../../api/queries.ts';
import { useMay } from '../../api/session.ts';
import { Empty } from '../../ui/empty.tsx';
import { ButtonLink } from '../../ui/links.tsx';
import { Loading } from '../../ui/loading.tsx';
import { NotAllowed } from '../../ui/not-allowed.tsx';
import { ProblemAlert } from '../../ui/problem.tsx';
import { paths } from '../../util/paths.ts';
import { saveText } from '../../util/save-text.ts';
import { StatementTables } from './StatementTables.tsx';

/** What was invoiced, paid and credited, day by day, with what is owed after each line. */
export function LearnerStatementTab({ learner }: { learner: Learner }) {
  const may = useMay('documents.view');
  if (!may.allowed) {
    return <NotAllowed title="Statements are not shown to you" reason={may.reason} />;
  }
  return <RunningStatement learner={learner} />;
}

interface Period {
  from?: string;
  to?: string;
}

function RunningStatement({ learner }: { learner: Learner }) {
  const [period, setPeriod] = useState<Period>({});
  const params = { learnerId: learner.id };
  const statement = useQuery(ask('learnerStatement', { params, query: period }));
  const nameOf = useOrganisationName();
  const isNarrowed = period.from !== undefined || period.to !== undefined;
  return (
    <>
      <Group px="lg" py="md" align="flex-end" justify="space-between">
        <PeriodFields period={period} onChange={setPeriod} />
        <Actions learner={learner} period={period} />
      </Group>
      {statement.error && !statement.data && (
        <ProblemAlert error={statement.error} retry={() => statement.refetch()} />
      )}
      {statement.isPending && <Loading />}
      {statement.data?.statements.length === 0 && (
        <Empty
          icon={IconFileDescription}
          title="Nothing to state yet"
          text={
            isNarrowed
              ? 'There is no invoice or credit of this learner at all, whatever the dates.'
              : 'Once this learner has an invoice or a credit in Xero, each line and the balance after it stand here.'
          }
        />
      )}
      <StatementTables statements={statement.data?.statements ?? []} nameOf={nameOf} />
    </>
  );
}

function PeriodFields(props: { period: Period; onChange: (period: Period) => void }) {
  const { period, onChange } = props;
  const change = (name: keyof Period) => (event: React.ChangeEvent<HTMLInputElement>) => {
    const { [name]: _before, ...rest } = period;
    const { value } = event.currentTarget;
    onChange(value === '' ? rest : { ...rest, [name]: value });
  };
  return (
    <Group gap="sm">
      <TextInput type="date" label="From" value={period.from ?? ''} onChange={change('from')} />
      <TextInput type="date" label="To" value={period.to ?? ''} onChange={change('to')} />
    </Group>
  );
}

function Actions({ learner, period }: { learner: Learner; period: Period }) {
  const download = useAction('learnerStatementCsv', {
    onDone: (file) => saveText(file, 'text/csv;charset=utf-8'),
  });
  return (
    <Group gap="xs">
      <ButtonLink
        {...paths.statement(learner.id)}
        search={period}
        variant="default"
        leftSection={<IconPrinter size={16} aria-hidden />}
      >
        Print view
      </ButtonLink>
      <Button
        variant="default"
        loading={download.isPending}
        leftSection={<IconDownload size={16} aria-hidden />}
        onClick={() => download.mutate({ params: { learnerId: learner.id }, query: period })}
      >
        Download CSV
      </Button>
    </Group>
  );
}
