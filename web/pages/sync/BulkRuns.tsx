import { useNavigate } from '@tanstack/react-router';
import type { PartyKind } from '#contract/ids';
import type { LearnerFilter, RunWish, WorkplaceFilter } from '#contract/runs';
import { useAction } from '../../api/actions.ts';
import { useMay } from '../../api/may.ts';
import { confirm } from '../../stores/confirm.ts';
import { ActMenu } from '../../ui/act-menu.tsx';
import { GuardedButton } from '../../ui/guarded-button.tsx';
import { paths } from '../../util/paths.ts';

type Kind = 'sync-on' | 'sync-off' | 'resync';

interface Act {
  kind: Kind;
  label: string;
  /** What is said before, where nothing takes it back afterwards. */
  question: string | null;
  /** What a run that is cancelled leaves behind. */
  stays?: string;
}

const acts: readonly Act[] = [
  {
    kind: 'sync-on',
    label: 'Turn Sync to Xero on',
    question: 'Each gets a contact in Xero, or is matched with the one that is there.',
    stays: 'whoever is in Xero by then stays there',
  },
  {
    kind: 'sync-off',
    label: 'Turn Sync to Xero off',
    question: 'Changes are no longer sent. Their contacts in Xero stay as they are.',
    stays: 'whom it has reached by then stays so',
  },
  { kind: 'resync', label: 'Resync with Xero', question: null },
];

type Whom =
  | { who: 'learner'; filter: LearnerFilter }
  | { who: 'workplace'; filter: WorkplaceFilter };

type BulkRunsProps = Whom & {
  /** Whether the filter leaves anybody out. */
  isNarrowed: boolean;
};

function wishOf(kind: Kind, { who, filter }: Whom): RunWish {
  if (who === 'workplace') {
    const workplaces = { filter };
    return { kind: kind === 'resync' ? 'resync-workplaces' : kind, workplaces };
  }
  const learners = { filter };
  return { kind: kind === 'resync' ? 'resync-learners' : kind, learners };
}

/** Work on all that match the filters, however many: each goes on as a run of its own. */
export function BulkRuns({ isNarrowed, ...whom }: BulkRunsProps) {
  const { who }: { who: PartyKind } = whom;
  const may = useMay(`${who}s.sync`);
  const navigate = useNavigate();
  const start = useAction('startSyncRun', {
    onDone: ({ runs }) => {
      const [only] = runs;
      void navigate(only && runs.length === 1 ? paths.run(only.id) : paths.runs);
    },
  });
  const label = isNarrowed ? 'All that match' : `All ${who}s`;
  if (!may.allowed) {
    return (
      <GuardedButton variant="default" reason={may.reason}>
        {label}
      </GuardedButton>
    );
  }
  const go = (kind: Kind) => start.mutate({ body: wishOf(kind, whom) });
  const choose = ({ kind, label: act, question, stays }: Act) => {
    if (question === null) return go(kind);
    const meant = isNarrowed ? `all ${who}s that match` : `all ${who}s`;
    confirm({
      title: `${act} for ${meant}?`,
      text: `${question} It goes on by itself as a run, which you can pause or cancel; ${stays}.`,
      yes: act,
      isCalm: true,
      onYes: () => go(kind),
    });
  };
  return (
    <ActMenu
      label={label}
      isBusy={start.isPending}
      acts={acts.map((one) => ({ key: one.kind, label: one.label, run: () => choose(one) }))}
    />
  );
}
