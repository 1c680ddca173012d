import { z } from 'zod';
import { route } from './route.ts';

/** One product and whether the provider's package includes it. */
export const PackageLine = z.object({
  product: z.string(),
  name: z.string(),
  isIncluded: z.boolean(),
  /** Null: it was never in this package. */
  grantedAt: z.iso.datetime().nullable(),
  withdrawnAt: z.iso.datetime().nullable(),
});
export type PackageLine = z.infer<typeof PackageLine>;

export const packageRoutes = {
  getPackage: route({
    method: 'GET',
    path: '/api/v1/package',
    permission: 'package.view',
    tag: 'Provider',
    summary: 'What the package of this provider includes, and since when',
    answer: z.object({ lines: z.array(PackageLine) }),
  }),
};
