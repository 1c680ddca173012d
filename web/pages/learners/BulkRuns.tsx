import { useNavigate } from '@tanstack/react-router';
import type { LearnerFilter, RunWish } from '#contract/runs';
import { useAction } from '../../api/actions.ts';
import { useMay } from '../../api/may.ts';
import { confirm } from '../../stores/confirm.ts';
import { ActMenu } from '../../ui/act-menu.tsx';
import { GuardedButton } from '../../ui/guarded-button.tsx';
import { paths } from '../../util/paths.ts';

type Kind = 'sync-on' | 'sync-off' | 'resync-learners';

interface Act {
  kind: Kind;
  label: string;
  /** What is said before, where nothing takes it back afterwards. */
  question: string | null;
}

const acts: readonly Act[] = [
  {
    kind: 'sync-on',
    label: 'Turn Sync to Xero on',
    question: 'Each gets a contact in Xero, or is matched with the one that is there.',
  },
  {
    kind: 'sync-off',
    label: 'Turn Sync to Xero off',
    question: 'Changes are no longer sent. Their contacts in Xero stay as they are.',
  },
  { kind: 'resync-learners', label: 'Resync with Xero', question: null },
];

interface BulkRunsProps {
  filter: LearnerFilter;
  /** Whether the filter leaves anybody out. */
  isNarrowed: boolean;
}

/** Work on everyone who matches the filters, however many: each goes on as a run of its own. */
export function BulkRuns({ filter, isNarrowed }: BulkRunsProps) {
  const may = useMay('learners.sync');
  const navigate = useNavigate();
  const start = useAction('startSyncRun', {
    onDone: ({ runs }) => {
      const [only] = runs;
      void navigate(only && runs.length === 1 ? paths.run(only.id) : paths.runs);
    },
  });
  const whom = isNarrowed ? 'All that match' : 'All learners';
  if (!may.allowed) {
    return (
      <GuardedButton variant="default" reason={may.reason}>
        {whom}
      </GuardedButton>
    );
  }
  const go = (kind: Kind) => start.mutate({ body: { kind, learners: { filter } } as RunWish });
  const choose = ({ kind, label, question }: Act) => {
    if (question === null) return go(kind);
    const who = isNarrowed ? 'all learners that match' : 'all learners';
    confirm({
      title: `${label} for ${who}?`,
      text: `${question} It goes on by itself as a run, which you can pause or cancel; whom it has reached by then stays so.`,
      yes: label,
      isCalm: true,
      onYes: () => go(kind),
    });
  };
  return (
    <ActMenu
      label={whom}
      isBusy={start.isPending}
      acts={acts.map((act) => ({ key: act.kind, label: act.label, run: () => choose(act) }))}
    />
  );
}
