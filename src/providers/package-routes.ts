import { type PackageLine, packageRoutes } from '#contract/package';
import type { Database } from '#platform/database';
import { type Endpoint, endpoint } from '#platform/http';
import { type Licence, listPackage, PRODUCTS, productNames } from './licence-store.ts';

/**
 * What the provider's package includes, to look at: only whoever runs Bursar changes it, by
 * command.
 */
export function packageEndpoints({ database }: { database: Database }): Endpoint[] {
  return [
    endpoint(packageRoutes.getPackage, async ({ scope }) => {
      const licences = await database.asProvider(scope.providerId, (tx) => listPackage(tx, scope));
      return { lines: linesOf(licences) };
    }),
  ];
}

/** One line per product there is, whether the package ever had it or not. */
function linesOf(licences: readonly Licence[]): PackageLine[] {
  return PRODUCTS.map((product) => {
    const licence = licences.find((one) => one.product === product);
    return {
      product,
      name: productNames[product],
      isIncluded: licence !== undefined && licence.withdrawnAt === null,
      grantedAt: licence?.grantedAt.toISOString() ?? null,
      withdrawnAt: licence?.withdrawnAt?.toISOString() ?? null,
    };
  });
}
