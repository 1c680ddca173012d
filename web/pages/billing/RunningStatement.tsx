import { Group } from '@mantine/core';
import { IconFileDescription } from '@tabler/icons-react';
import { type UseQueryOptions, useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { useOrganisationName } from '../../api/organisations.ts';
import type { AnswerOf } from '../../api/queries.ts';
import { DayField } from '../../ui/day-field.tsx';
import { Empty } from '../../ui/empty.tsx';
import { Loading } from '../../ui/loading.tsx';
import { ProblemAlert } from '../../ui/problem.tsx';
import { StatementTables } from '../learners/StatementTables.tsx';

export interface Period {
  from?: string;
  to?: string;
}

interface RunningStatementProps {
  /** Whose it is: "learner". */
  who: string;
  ask: (period: Period) => UseQueryOptions<AnswerOf<'learnerStatement'>>;
  /** What can be done with the statement of a period. */
  actions: (period: Period) => ReactNode;
}

/** What was invoiced, paid and credited, day by day, with what is owed after each line. */
export function RunningStatement({ who, ask, actions }: RunningStatementProps) {
  const [period, setPeriod] = useState<Period>({});
  const statement = useQuery(ask(period));
  const nameOf = useOrganisationName();
  return (
    <>
      <Group px="lg" py="md" align="flex-end" justify="space-between">
        <PeriodFields period={period} onChange={setPeriod} />
        <Group gap="xs">{actions(period)}</Group>
      </Group>
      {statement.error && !statement.data && (
        <ProblemAlert error={statement.error} retry={() => statement.refetch()} />
      )}
      {statement.isPending && <Loading />}
      {statement.data?.statements.length === 0 && <NothingToState who={who} period={period} />}
      <StatementTables statements={statement.data?.statements ?? []} nameOf={nameOf} />
    </>
  );
}

/** In place of a statement without a line. */
export function NothingToState({ who, period }: { who: string; period: Period }) {
  const isNarrowed = period.from !== undefined || period.to !== undefined;
  return (
    <Empty
      icon={IconFileDescription}
      title="Nothing to state yet"
      text={
        isNarrowed
          ? `There is no invoice or credit of this ${who} at all, whatever the dates.`
          : `Once this ${who} has an invoice or a credit in Xero, each line and the balance after it stand here.`
      }
    />
  );
}

function PeriodFields(props: { period: Period; onChange: (period: Period) => void }) {
  const { period, onChange } = props;
  const change = (name: keyof Period) => (date: string) => {
    const { [name]: _before, ...rest } = period;
    onChange(date === '' ? rest : { ...rest, [name]: date });
  };
  return (
    <Group gap="sm" align="flex-start">
      <DayField label="From" value={period.from ?? ''} onChange={change('from')} />
      <DayField label="To" value={period.to ?? ''} onChange={change('to')} />
    </Group>
  );
}
