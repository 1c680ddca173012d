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
