import { Alert, Button, Group, List, Paper, Stack, Text } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useState } from 'react';
import type { PartyKind } from '#contract/ids';
import { useMay } from '../../api/may.ts';
import { toastDone } from '../../stores/toast.ts';
import type { Selected } from '../../table/use-selection.ts';
import { GuardedButton } from '../../ui/guarded-button.tsx';
import { TextLink } from '../../ui/links.tsx';
import { paths } from '../../util/paths.ts';
import { type ManyTurned, type ManyWish, useManySync } from './use-many-sync.ts';

interface Row {
  id: string;
  syncToXero: boolean;
}

/** The server takes so many at once. */
export const MANY_MAX = 500;

interface BulkBarProps {
  kind: PartyKind;
  selection: Selected;
  rows: readonly Row[];
  /** Loads and ticks all that match, as many as can be changed at once; null when all are shown. */
  selectMatching: (() => Promise<void>) | null;
}

/** What can be done with what is ticked; afterwards, those that were not ready and why. */
export function BulkBar({ kind, selection, rows, selectMatching }: BulkBarProps) {
  const [refused, setRefused] = useState<ManyTurned['refused']>([]);
  const may = useMay(`${kind}s.sync`);
  const chosen = [...selection.keys];
  const sync = useManySync(kind, (turned, wish) => {
    setRefused(turned.refused);
    selection.clear();
    toastDone(resultText(kind, turned, wish.syncToXero), undoOf(wish, rows, sync.turn));
  });
  const tooMany =
    chosen.length > MANY_MAX ? `At most ${MANY_MAX} ${kind}s at once; untick some.` : null;
  const set = (syncToXero: boolean) => sync.turn({ ids: chosen, syncToXero });
  if (refused.length === 0 && chosen.length === 0) return null;
  return (
    <Stack gap="sm">
      {refused.length > 0 && <Refused kind={kind} refused={refused} close={() => setRefused([])} />}
      {chosen.length > 0 && (
        <Paper px="md" py="xs" bg="var(--mantine-color-petrol-light)">
          <Group justify="space-between">
            <Text fw={550} role="status">
              {countOf(kind, chosen.length)} selected
            </Text>
            <Group gap="xs">
              <GuardedButton
                reason={may.reason ?? tooMany}
                loading={sync.isPending}
                onClick={() => set(true)}
              >
                Turn Sync to Xero on
              </GuardedButton>
              <GuardedButton
                variant="default"
                reason={may.reason ?? tooMany}
                disabled={sync.isPending}
                onClick={() => set(false)}
              >
                Turn it off
              </GuardedButton>
              {selectMatching && <SelectMatching run={selectMatching} />}
              <Button variant="subtle" onClick={selection.clear}>
                Clear selection
              </Button>
            </Group>
          </Group>
        </Paper>
      )}
    </Stack>
  );
}

function SelectMatching({ run }: { run: () => Promise<void> }) {
  const [isRunning, setRunning] = useState(false);
  const start = async () => {
    setRunning(true);
    await run();
    setRunning(false);
  };
  return (
    <Button variant="subtle" loading={isRunning} onClick={start}>
      Select all that match, up to {MANY_MAX}
    </Button>
  );
}

function resultText(kind: PartyKind, turned: ManyTurned, isOn: boolean): string {
  const { changed, unchanged, refused } = turned;
  const parts = [`Sync to Xero turned ${isOn ? 'on' : 'off'} for ${countOf(kind, changed)}.`];
  if (unchanged > 0) parts.push(`${countOf(kind, unchanged)} had it so already.`);
  if (refused.length > 0) parts.push(`${countOf(kind, refused.length)} not ready yet.`);
  return parts.join(' ');
}

function countOf(kind: PartyKind, count: number): string {
  return count === 1 ? `1 ${kind}` : `${count} ${kind}s`;
}

/** Takes the change back for those alone that had it otherwise before. */
function undoOf(wish: ManyWish, before: readonly Row[], turn: (wish: ManyWish) => void) {
  const meant = new Set(wish.ids);
  const ids = before
    .filter((row) => meant.has(row.id) && row.syncToXero !== wish.syncToXero)
    .map((row) => row.id);
  if (ids.length === 0) return undefined;
  return () => turn({ ids, syncToXero: !wish.syncToXero });
}

const editPath = { learner: paths.editLearner, workplace: paths.editWorkplace };

interface RefusedProps {
  kind: PartyKind;
  refused: ManyTurned['refused'];
  close: () => void;
}

function Refused({ kind, refused, close }: RefusedProps) {
  return (
    <Alert
      color="amber"
      icon={<IconAlertTriangle aria-hidden />}
      title={`${countOf(kind, refused.length)} can’t be put into Xero yet`}
      withCloseButton
      closeButtonLabel="Close list"
      onClose={close}
    >
      <Text size="sm" mb="xs">
        Fill in what is missing, then turn Sync to Xero on for them.
      </Text>
      <List size="sm">
        {refused.map(({ id, name, gaps }) => (
          <List.Item key={id}>
            <TextLink {...editPath[kind](id)} underline="always">
              {name}
            </TextLink>
            : {gaps.map((gap) => gap.message).join(' ')}
          </List.Item>
        ))}
      </List>
    </Alert>
  );
}
