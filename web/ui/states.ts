import {
  type Icon,
  IconAlarm,
  IconAlertOctagon,
  IconAlertTriangle,
  IconBan,
  IconCircleCheck,
  IconCircleHalf2,
  IconCircleMinus,
  IconClock,
  IconColumns3,
  IconEqual,
  IconEye,
  IconFileCheck,
  IconHelpCircle,
  IconLoader,
  IconPencil,
  IconPlayerPause,
  IconPlug,
  IconPlugX,
  IconPlus,
  IconTrash,
} from '@tabler/icons-react';
import type { LearnerDocument } from '#contract/billing';
import type { ConnectionState } from '#contract/connections';
import type { ImportState, ImportVerdict } from '#contract/imports';
import type { SyncStanding } from '#contract/sync';
import type { Family } from './theme.ts';

/** How a state is shown everywhere: one word, one colour, one icon (docs/design.md). */
export interface Look {
  word: string;
  colour: Family;
  icon: Icon;
}

type DocumentLook = LearnerDocument['status'] | 'overdue';

export const standingLooks: Record<SyncStanding | 'off', Look> = {
  waiting: { word: 'Waiting', colour: 'amber', icon: IconClock },
  'in-step': { word: 'In step', colour: 'moss', icon: IconCircleCheck },
  blocked: { word: 'Blocked', colour: 'brick', icon: IconAlertOctagon },
  undecided: { word: 'Undecided', colour: 'plum', icon: IconHelpCircle },
  off: { word: 'Sync off', colour: 'gray', icon: IconCircleMinus },
};

export const documentLooks: Record<DocumentLook, Look> = {
  draft: { word: 'Draft', colour: 'gray', icon: IconPencil },
  submitted: { word: 'Awaiting approval', colour: 'amber', icon: IconEye },
  approved: { word: 'Approved', colour: 'petrol', icon: IconFileCheck },
  'part-paid': { word: 'Part paid', colour: 'amber', icon: IconCircleHalf2 },
  paid: { word: 'Paid', colour: 'moss', icon: IconCircleCheck },
  overdue: { word: 'Overdue', colour: 'brick', icon: IconAlarm },
  voided: { word: 'Voided', colour: 'gray', icon: IconBan },
  deleted: { word: 'Deleted', colour: 'gray', icon: IconTrash },
};

export const connectionLooks: Record<ConnectionState | 'available', Look> = {
  active: { word: 'Connected', colour: 'moss', icon: IconPlug },
  choosing: { word: 'Choose organisation', colour: 'plum', icon: IconHelpCircle },
  paused: { word: 'Paused', colour: 'amber', icon: IconPlayerPause },
  'needs-consent': { word: 'Needs reconnecting', colour: 'brick', icon: IconPlugX },
  disconnected: { word: 'Disconnected', colour: 'gray', icon: IconCircleMinus },
  available: { word: 'Available', colour: 'gray', icon: IconPlus },
};

export const verdictLooks: Record<ImportVerdict, Look> = {
  new: { word: 'New', colour: 'moss', icon: IconPlus },
  changed: { word: 'Changed', colour: 'amber', icon: IconPencil },
  unchanged: { word: 'Unchanged', colour: 'gray', icon: IconEqual },
  faulty: { word: 'Faulty', colour: 'brick', icon: IconAlertTriangle },
};

export const importLooks: Record<ImportState, Look> = {
  mapping: { word: 'Match columns', colour: 'plum', icon: IconColumns3 },
  preview: { word: 'Ready to import', colour: 'amber', icon: IconEye },
  running: { word: 'Importing', colour: 'petrol', icon: IconLoader },
  done: { word: 'Done', colour: 'moss', icon: IconCircleCheck },
  failed: { word: 'Failed', colour: 'brick', icon: IconAlertTriangle },
  discarded: { word: 'Discarded', colour: 'gray', icon: IconTrash },
};

/** Overdue wins over approved and part paid: it is what needs doing. */
export function documentLook(document: Pick<LearnerDocument, 'status' | 'isOverdue'>): Look {
  return documentLooks[document.isOverdue ? 'overdue' : document.status];
}
