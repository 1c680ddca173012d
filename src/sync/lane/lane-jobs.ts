import { z } from 'zod';
import { ProviderId, XeroOrgId } from '#contract/ids';
import { defineJob } from '#platform/jobs/job';

/** "Look whether this organisation has something to do." Its key is the organisation. */
export const runLaneJob = defineJob(
  'run-lane',
  z.object({ providerId: ProviderId, xeroOrgId: XeroOrgId }),
);
