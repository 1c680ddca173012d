import { z } from 'zod';
import { ImportRunId, ProviderId } from '#contract/ids';
import { defineJob } from '#platform/jobs/job';

/** Carries an import out, or goes on where it stopped. */
export const carryOutImport = defineJob(
  'carry-out-import',
  z.object({ providerId: ProviderId, importId: ImportRunId }),
);
