import {
  IconAlertOctagon,
  IconBan,
  IconCircleCheck,
  IconCircleMinus,
  IconEqual,
  IconLoader,
  IconPencil,
  IconPlayerPause,
  IconPlus,
} from '@tabler/icons-react';
import type { RunKind, RunOutcome, RunState } from '#contract/runs';
import type { Look } from '../../ui/states.ts';

export const runTitles: Record<RunKind, string> = {
  'sync-on': 'Sync to Xero on',
  'sync-off': 'Sync to Xero off',
  'resync-learners': 'Resync of learners',
  'resync-workplaces': 'Resync of workplaces',
  'resync-papers': 'Resync of papers',
  'resync-everything': 'Resync of everything',
};

const LEFT = 'Those whose turn has not come are left as they are.';
const SENT = `${LEFT} What is on its way to Xero is sent all the same.`;

/** What cancelling leaves behind. */
export const cancelWords: Record<RunKind, string> = {
  'sync-on': `${LEFT} Whoever is on the way is turned off again, as long as nothing has been sent. What is in Xero by then stays there.`,
  'sync-off': `What it has done stays. ${LEFT}`,
  'resync-learners': SENT,
  'resync-workplaces': SENT,
  'resync-papers': 'What it has read stays. The other papers are left as they are.',
  'resync-everything': SENT,
};

interface Ended {
  kind: RunKind;
  state: RunState;
  failed: number;
  skipped: number;
}

/** What is told of a run that has ended, on whatever page. */
export function endWords({ kind, state, failed: failures, skipped }: Ended): string {
  const figure = (count: number) => count.toLocaleString('en-AU');
  const failed = failures > 0 ? `, ${figure(failures)} failed` : '';
  const left = skipped > 0 ? `, ${figure(skipped)} left as they were` : '';
  return `${runTitles[kind]}: ${state}${failed}${state === 'cancelled' ? left : ''}.`;
}

export const runLooks: Record<RunState, Look> = {
  running: { word: 'Running', colour: 'petrol', icon: IconLoader },
  paused: { word: 'Paused', colour: 'amber', icon: IconPlayerPause },
  cancelled: { word: 'Cancelled', colour: 'gray', icon: IconBan },
  finished: { word: 'Finished', colour: 'moss', icon: IconCircleCheck },
  failed: { word: 'Failed', colour: 'brick', icon: IconAlertOctagon },
};

export const outcomeLooks: Record<RunOutcome, Look> = {
  found: { word: 'Found', colour: 'gray', icon: IconEqual },
  added: { word: 'Added', colour: 'moss', icon: IconPlus },
  changed: { word: 'Changed', colour: 'amber', icon: IconPencil },
  unchanged: { word: 'Unchanged', colour: 'gray', icon: IconEqual },
  failed: { word: 'Failed', colour: 'brick', icon: IconAlertOctagon },
  skipped: { word: 'Skipped', colour: 'gray', icon: IconCircleMinus },
};
