import {
  IconAlertTriangle,
  IconCircleCheck,
  IconCircleMinus,
  IconClock,
} from '@tabler/icons-react';
import type { WebhookDeliveryState, WebhookEndpoint } from '#contract/webhooks';
import type { Look } from '../../ui/states.ts';

export const deliveryLooks: Record<WebhookDeliveryState, Look> = {
  waiting: { word: 'Waiting', colour: 'amber', icon: IconClock },
  delivered: { word: 'Delivered', colour: 'moss', icon: IconCircleCheck },
  failed: { word: 'Failed', colour: 'brick', icon: IconAlertTriangle },
};

/** How an endpoint is shown. One that is off is off, even if it failed until then. */
export function endpointLook({ state, failingSince }: WebhookEndpoint): Look {
  if (state === 'disabled') return { word: 'Off', colour: 'gray', icon: IconCircleMinus };
  if (failingSince) return { word: 'Failing', colour: 'brick', icon: IconAlertTriangle };
  return { word: 'On', colour: 'moss', icon: IconCircleCheck };
}
