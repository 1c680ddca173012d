import { Button, Paper } from '@mantine/core';
import { IconFileImport, IconPlus, IconSearchOff, IconUsers } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import type { LearnerRow } from '#contract/learners';
import type { LearnerFilter } from '#contract/runs';
import { useMay } from '../../api/may.ts';
import { askPages } from '../../api/queries.ts';
import { Paged } from '../../table/paged.tsx';
import { selectMatching } from '../../table/select-matching.ts';
import { useSelection } from '../../table/use-selection.ts';
import { Empty } from '../../ui/empty.tsx';
import { GuardedButton } from '../../ui/guarded-button.tsx';
import { Page } from '../../ui/page.tsx';
import { paths } from '../../util/paths.ts';
import type { LearnersSearch } from '../../util/search.ts';
import { BulkBar, MANY_MAX } from '../sync/BulkBar.tsx';
import { BulkRuns } from '../sync/BulkRuns.tsx';
import { type LearnersChange, LearnersFilters } from './LearnersFilters.tsx';
import { LearnersTable } from './LearnersTable.tsx';

/** All learners: search, filter, sort, and turn Sync to Xero on or off for many. */
export function LearnersPage() {
  const view = useSearch({ from: '/app/learners' });
  const navigate = useNavigate();
  const query = useInfiniteQuery(askPages('listLearners', { query: queryOf(view) }));
  const selection = useSelection();
  const change = (changed: LearnersChange) => {
    void navigate({
      to: '/learners',
      search: withoutUnset({ ...view, ...changed }),
      replace: true,
    });
    selection.clear();
  };
  const rows = query.data?.pages.flatMap((page) => page.items) ?? [];
  const isNarrowed = [view.search, view.active, view.sync, view.owing, view.campus].some(
    (value) => value !== undefined,
  );
  return (
    <Page
      title="Learners"
      actions={
        <>
          {rows.length > 0 && (
            <BulkRuns who="learner" filter={filterOf(view)} isNarrowed={isNarrowed} />
          )}
          <Actions />
        </>
      }
    >
      <LearnersFilters view={view} change={change} />
      <BulkBar
        kind="learner"
        selection={selection}
        rows={rows}
        selectMatching={selectMatching(query, selection, MANY_MAX)}
      />
      <Paper>
        <Paged
          query={query}
          noun="learners"
          empty={isNarrowed ? <NoneFound change={change} /> : <NoneYet />}
        >
          {(items: LearnerRow[]) => (
            <LearnersTable rows={items} view={view} change={change} selection={selection} />
          )}
        </Paged>
      </Paper>
    </Page>
  );
}

function queryOf(view: LearnersSearch) {
  return {
    search: view.search,
    active: textOf(view.active),
    syncToXero: textOf(view.sync),
    owing: textOf(view.owing),
    campus: view.campus,
    sort: view.sort,
    direction: view.direction,
  };
}

/** The filters of the view without its order, for what is done with everyone who matches. */
function filterOf({ search, active, sync, owing, campus }: LearnersSearch): LearnerFilter {
  return withoutUnset({ search, active, syncToXero: sync, owing, campus });
}

function textOf(flag: boolean | undefined): 'true' | 'false' | undefined {
  if (flag === undefined) return undefined;
  return flag ? 'true' : 'false';
}

/** Leaves unset values out of the address. */
function withoutUnset<View extends object>(
  view: View,
): {
  [Key in keyof View]?: Exclude<View[Key], undefined>;
} {
  return Object.fromEntries(
    Object.entries(view).filter(([, value]) => value !== undefined && value !== ''),
  ) as { [Key in keyof View]?: Exclude<View[Key], undefined> };
}

function Actions() {
  const navigate = useNavigate();
  const mayAdd = useMay('learners.edit');
  const mayImport = useMay('learners.import');
  return (
    <>
      <GuardedButton
        reason={mayImport.reason}
        variant="default"
        leftSection={<IconFileImport size={16} aria-hidden />}
        onClick={() => navigate(paths.newImport)}
      >
        Import learners
      </GuardedButton>
      <GuardedButton
        reason={mayAdd.reason}
        leftSection={<IconPlus size={16} aria-hidden />}
        onClick={() => navigate(paths.addLearner)}
      >
        Add learner
      </GuardedButton>
    </>
  );
}

function NoneYet() {
  return (
    <Empty
      icon={IconUsers}
      title="No learners yet"
      text="Your learners will stand here with what they owe. Add one, or import a CSV or AVETMISS export of the system you use now."
    >
      <Actions />
    </Empty>
  );
}

function NoneFound({ change }: { change: (changed: LearnersChange) => void }) {
  const clear = () =>
    change({
      search: undefined,
      active: undefined,
      sync: undefined,
      owing: undefined,
      campus: undefined,
    });
  return (
    <Empty
      icon={IconSearchOff}
      title="No learner fits"
      text="Words are matched from their beginning against names, learner numbers, e-mails and your own codes."
    >
      <Button variant="default" onClick={clear}>
        Clear search and filters
      </Button>
    </Empty>
  );
}
