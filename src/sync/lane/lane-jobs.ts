import { z } from 'zod';
import { ProviderId, XeroOrgId } from '#contract/ids';
import { defineJob } from '#platform/jobs/job';

/**
 * "Look whether this organisation has something to do." Its key is the organisation; one that is put
 * on the queue without holding the lane's row has a key of its own (`enqueueCalled`).
 */
export const runLaneJob = defineJob(
  'run-lane',
  z.object({ providerId: ProviderId, xeroOrgId: XeroOrgId }),
);
