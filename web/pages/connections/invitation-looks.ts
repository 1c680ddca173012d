import {
  IconAlertTriangle,
  IconBan,
  IconCircleCheck,
  IconClock,
  IconLink,
} from '@tabler/icons-react';
import type { InvitationState } from '#contract/connect-invitations';
import type { Look } from '../../ui/states.ts';

/** How a link for a colleague stands. */
export const invitationLooks: Record<InvitationState, Look> = {
  open: { word: 'Open', colour: 'petrol', icon: IconLink },
  used: { word: 'Used', colour: 'moss', icon: IconCircleCheck },
  expired: { word: 'Expired', colour: 'gray', icon: IconClock },
  revoked: { word: 'Taken back', colour: 'gray', icon: IconBan },
  spent: { word: 'Tried too often', colour: 'brick', icon: IconAlertTriangle },
};
