import {
  IconAlertOctagon,
  IconCircleCheck,
  IconCircleDashed,
  IconClock,
} from '@tabler/icons-react';
import type { CheckState } from '#contract/diagnosis';
import type { Look } from '../../ui/states.ts';

export const checkLooks: Record<CheckState, Look> = {
  fine: { word: 'Yes', colour: 'moss', icon: IconCircleCheck },
  waiting: { word: 'Not yet', colour: 'amber', icon: IconClock },
  problem: { word: 'No', colour: 'brick', icon: IconAlertOctagon },
  unasked: { word: 'Later', colour: 'gray', icon: IconCircleDashed },
};
