import {
  IconAlertTriangle,
  IconCircleCheck,
  IconCircleMinus,
  IconClock,
  IconMailOff,
  IconMessageReply,
} from '@tabler/icons-react';
import type { MailState } from '#contract/mails';
import type { SupportState } from '#contract/support';
import type { Look } from './states.ts';

export const packageLooks: Record<'included' | 'withdrawn' | 'never', Look> = {
  included: { word: 'Included', colour: 'moss', icon: IconCircleCheck },
  withdrawn: { word: 'Withdrawn', colour: 'brick', icon: IconAlertTriangle },
  never: { word: 'Not included', colour: 'gray', icon: IconCircleMinus },
};

export const supportLooks: Record<SupportState, Look> = {
  open: { word: 'Open', colour: 'amber', icon: IconClock },
  answered: { word: 'Answered', colour: 'plum', icon: IconMessageReply },
  closed: { word: 'Closed', colour: 'gray', icon: IconCircleMinus },
};

export const mailLooks: Record<MailState, Look> = {
  queued: { word: 'Waiting', colour: 'amber', icon: IconClock },
  waiting: { word: 'Unsent', colour: 'amber', icon: IconMailOff },
  sent: { word: 'Sent', colour: 'moss', icon: IconCircleCheck },
  failed: { word: 'Not sent', colour: 'brick', icon: IconAlertTriangle },
};
