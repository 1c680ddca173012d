import { IconUsers } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import type { WorkplaceLearner } from '#contract/workplaces';
import { askPages } from '../../api/queries.ts';
import { Paged } from '../../table/paged.tsx';
import { type Column, Table } from '../../table/table.tsx';
import { Empty } from '../../ui/empty.tsx';
import { TextLink } from '../../ui/links.tsx';
import { paths } from '../../util/paths.ts';

const columns: Column<WorkplaceLearner>[] = [
  {
    head: 'Name',
    cell: ({ learnerId, name }) => <TextLink {...paths.learner(learnerId)}>{name}</TextLink>,
  },
  { head: 'Number', cell: (row) => <span className="figures">{row.learnerNumber}</span> },
  { head: 'Active', cell: (row) => (row.isActive ? 'Yes' : 'No') },
];

/** The learners who work there. */
export function WorkplaceLearnersTab({ workplaceId }: { workplaceId: string }) {
  const params = { workplaceId };
  const query = useInfiniteQuery(askPages('listWorkplaceLearners', { params }));
  return (
    <Paged
      query={query}
      noun="learners"
      empty={
        <Empty
          icon={IconUsers}
          title="No learner works here yet"
          text="Say so on a learner’s profile, under Personal details."
        />
      }
    >
      {(learners: WorkplaceLearner[]) => (
        <Table
          label="Learners who work here"
          columns={columns}
          rows={learners}
          keyOf={(row) => row.learnerId}
        />
      )}
    </Paged>
  );
}
