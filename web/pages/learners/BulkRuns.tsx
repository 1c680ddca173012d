import { Button, Menu } from '@mantine/core';
import { IconChevronDown } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import type { LearnerFilter, RunWish } from '#contract/runs';
import { useAction } from '../../api/actions.ts';
import { useMay } from '../../api/session.ts';
import { paths } from '../../util/paths.ts';

type Kind = 'sync-on' | 'sync-off' | 'resync-learners';

const acts: { kind: Kind; label: string }[] = [
  { kind: 'sync-on', label: 'Turn Sync to Xero on' },
  { kind: 'sync-off', label: 'Turn Sync to Xero off' },
  { kind: 'resync-learners', label: 'Resync with Xero' },
];

/** Work on everyone who matches the filters, however many: each goes on as a run of its own. */
export function BulkRuns({ filter }: { filter: LearnerFilter }) {
  const may = useMay('learners.sync');
  const navigate = useNavigate();
  const start = useAction('startSyncRun', {
    onDone: ({ runs }) => {
      const [only] = runs;
      void navigate(only && runs.length === 1 ? paths.run(only.id) : paths.runs);
    },
  });
  if (!may.allowed) return null;
  const go = (kind: Kind) => start.mutate({ body: { kind, learners: { filter } } as RunWish });
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button
          variant="default"
          loading={start.isPending}
          rightSection={<IconChevronDown size={16} aria-hidden />}
        >
          All that match
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {acts.map(({ kind, label }) => (
          <Menu.Item key={kind} onClick={() => go(kind)}>
            {label}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
