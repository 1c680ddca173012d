import { Button, Group, Radio, SimpleGrid, Stack } from '@mantine/core';
import { IconRefresh } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import type { RunWish } from '#contract/runs';
import { useAction } from '../../api/actions.ts';
import { useMay } from '../../api/may.ts';
import { DayField } from '../../ui/day-field.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { GuardedButton } from '../../ui/guarded-button.tsx';
import { paths } from '../../util/paths.ts';

type Kind = 'resync-learners' | 'resync-workplaces' | 'resync-papers' | 'resync-everything';

const kinds: { value: Kind; label: string; description: string }[] = [
  {
    value: 'resync-learners',
    label: 'Learners',
    description:
      'Compares learners with Sync to Xero on with their contacts: all, or those changed here on some days.',
  },
  {
    value: 'resync-workplaces',
    label: 'Workplaces',
    description: 'Compares workplaces with Sync to Xero on with their contacts, in the same way.',
  },
  {
    value: 'resync-papers',
    label: 'Papers',
    description: 'Reads invoices, credit notes and payments again, by their date.',
  },
  {
    value: 'resync-everything',
    label: 'Everything',
    description: 'Learners and workplaces first, then all papers. Takes the most calls to Xero.',
  },
];

/** Starts a resync of one organisation, or of all, and goes to its page. */
export function StartResync({ xeroOrgId }: { xeroOrgId?: string }) {
  const [isOpen, setOpen] = useState(false);
  const [kind, setKind] = useState<Kind>('resync-learners');
  const [from, setFrom] = useState('');
  const [to, setTo] = useState('');
  const [wrong, setWrong] = useState({ from: false, to: false });
  const hasDays = kind !== 'resync-everything';
  const navigate = useNavigate();
  const may = useMay('learners.sync');
  const start = useAction('startSyncRun', {
    onDone: ({ runs }) => {
      setOpen(false);
      const [only] = runs;
      void navigate(only && runs.length === 1 ? paths.run(only.id) : paths.runs);
    },
  });
  const wish = (): RunWish => ({
    kind,
    ...(xeroOrgId ? { xeroOrgId: xeroOrgId as Extract<RunWish, { kind: Kind }>['xeroOrgId'] } : {}),
    ...(hasDays && from ? { from } : {}),
    ...(hasDays && to ? { to } : {}),
  });
  return (
    <>
      <GuardedButton
        variant="default"
        reason={may.reason}
        leftSection={<IconRefresh size={16} aria-hidden />}
        onClick={() => setOpen(true)}
      >
        Resync
      </GuardedButton>
      <Dialog isOpen={isOpen} onClose={() => setOpen(false)} title="Resync with Xero">
        <Stack>
          <Radio.Group
            label="What to compare"
            value={kind}
            onChange={(value) => {
              setKind(value as Kind);
              // The days go with their fields, and come back empty of what was no day.
              if (value === 'resync-everything') setWrong({ from: false, to: false });
            }}
          >
            <Stack gap="xs" mt="xs">
              {kinds.map((one) => (
                <Radio key={one.value} {...one} />
              ))}
            </Stack>
          </Radio.Group>
          {hasDays && (
            <SimpleGrid cols={2}>
              <DayField
                label="From"
                description={
                  kind === 'resync-papers' ? 'Empty: from the first paper' : 'Empty: whenever'
                }
                w="100%"
                value={from}
                onChange={setFrom}
                onWrong={(isWrong) => setWrong((present) => ({ ...present, from: isWrong }))}
              />
              <DayField
                label="To"
                description={
                  kind === 'resync-papers' ? 'Empty: to the last one' : 'Empty: until now'
                }
                w="100%"
                value={to}
                onChange={setTo}
                onWrong={(isWrong) => setWrong((present) => ({ ...present, to: isWrong }))}
              />
            </SimpleGrid>
          )}
          <Group justify="flex-end">
            <Button variant="default" onClick={() => setOpen(false)}>
              Cancel
            </Button>
            <GuardedButton
              reason={wrong.from || wrong.to ? 'Write days such as 3 Apr 2026 first.' : null}
              loading={start.isPending}
              onClick={() => start.mutate({ body: wish() })}
            >
              Start resync
            </GuardedButton>
          </Group>
        </Stack>
      </Dialog>
    </>
  );
}
