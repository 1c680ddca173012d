import '../../ui/print.css';
import { Button, Paper } from '@mantine/core';
import { IconPrinter } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useParams, useSearch } from '@tanstack/react-router';
import { displayName } from '#contract/learners';
import { useMay } from '../../api/may.ts';
import { useOrganisationName } from '../../api/organisations.ts';
import { ask } from '../../api/queries.ts';
import { useMe } from '../../api/session.ts';
import { TextLink } from '../../ui/links.tsx';
import { Loading } from '../../ui/loading.tsx';
import { NotAllowed } from '../../ui/not-allowed.tsx';
import { Page } from '../../ui/page.tsx';
import { ProblemAlert } from '../../ui/problem.tsx';
import { dateText } from '../../util/dates.ts';
import { paths } from '../../util/paths.ts';
import { NothingToState } from '../billing/RunningStatement.tsx';
import { StatementTables } from './StatementTables.tsx';

/** A learner's statement as it is handed out: on paper nothing stands around it. */
export function StatementPage() {
  const { learnerId } = useParams({ from: '/app/learners/$learnerId/statement' });
  const period = useSearch({ from: '/app/learners/$learnerId/statement' });
  const me = useMe();
  const may = useMay('documents.view');
  const params = { learnerId };
  const learner = useQuery(ask('getLearner', { params }));
  const statement = useQuery({
    ...ask('learnerStatement', { params, query: period }),
    enabled: may.allowed,
  });
  const nameOf = useOrganisationName();
  const failed = [learner, statement].filter(({ error }) => error);
  const name = learner.data ? displayName(learner.data) : '';
  return (
    <Page
      title={`Statement ${name && `for ${name}`}`}
      width={960}
      above={
        <span data-screen-only>
          <TextLink {...paths.learnerStatement(learnerId)} size="sm">
            {name || 'Learner'}
          </TextLink>
        </span>
      }
      lead={
        <>
          {me.provider.name}
          {learner.data && <> · learner {learner.data.learnerNumber}</>}
          {statement.data && <> · made {dateText(statement.data.asOf)}</>}
          {period.from && <> · from {dateText(period.from)}</>}
          {period.to && <> · to {dateText(period.to)}</>}
        </>
      }
      actions={
        <Button
          data-screen-only
          leftSection={<IconPrinter size={16} aria-hidden />}
          onClick={() => window.print()}
        >
          Print statement
        </Button>
      }
    >
      {!may.allowed && (
        <Paper>
          <NotAllowed title="Statements are not shown to you" reason={may.reason} />
        </Paper>
      )}
      {failed[0] && (
        <ProblemAlert
          error={failed[0].error}
          retry={() => failed.forEach((query) => void query.refetch())}
        />
      )}
      {may.allowed && statement.isPending && <Loading />}
      {statement.data && (
        <Paper>
          {statement.data.statements.length === 0 && (
            <NothingToState who="learner" period={period} />
          )}
          <StatementTables statements={statement.data.statements} nameOf={nameOf} />
        </Paper>
      )}
    </Page>
  );
}
