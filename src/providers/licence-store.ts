import type { Tx } from '#platform/database';
import type { Scope } from '#platform/scope';

/** What can be in a provider's package. */
export const PRODUCTS = ['xero', 'webhooks'] as const;
export type Product = (typeof PRODUCTS)[number];

/** How each is called on pages. */
export const productNames: Record<Product, string> = {
  xero: 'Xero connection',
  webhooks: 'Signed webhooks',
};

/** That a product is in a package, or was. */
export interface Licence {
  product: string;
  grantedAt: Date;
  withdrawnAt: Date | null;
}

/** Everything that is or was in the provider's package. */
export async function listPackage(tx: Tx, scope: Scope): Promise<Licence[]> {
  const rows = await tx
    .selectFrom('licences')
    .select(['product', 'granted_at', 'withdrawn_at'])
    .where('provider_id', '=', scope.providerId)
    .orderBy('product')
    .execute();
  return rows.map((row) => ({
    product: row.product,
    grantedAt: row.granted_at,
    withdrawnAt: row.withdrawn_at,
  }));
}

/** Whether the provider's package includes a product today. */
export async function hasLicence(tx: Tx, scope: Scope, product: Product): Promise<boolean> {
  const row = await tx
    .selectFrom('licences')
    .select('product')
    .where('provider_id', '=', scope.providerId)
    .where('product', '=', product)
    .where('withdrawn_at', 'is', null)
    .executeTakeFirst();
  return row !== undefined;
}

/** Adds a product to the package; answers false, changing nothing, when it is in there. */
export async function grantLicence(
  tx: Tx,
  scope: Scope,
  product: Product,
  at: Date,
): Promise<boolean> {
  const granted = await tx
    .insertInto('licences')
    .values({ provider_id: scope.providerId, product, granted_at: at, withdrawn_at: null })
    .onConflict((conflict) =>
      conflict
        .columns(['provider_id', 'product'])
        .doUpdateSet({ granted_at: at, withdrawn_at: null })
        .where('licences.withdrawn_at', 'is not', null),
    )
    .returning('product')
    .executeTakeFirst();
  return granted !== undefined;
}

/** Takes a product out of the package; answers false, changing nothing, when it is not in there. */
export async function withdrawLicence(
  tx: Tx,
  scope: Scope,
  product: Product,
  at: Date,
): Promise<boolean> {
  const withdrawn = await tx
    .updateTable('licences')
    .set({ withdrawn_at: at })
    .where('provider_id', '=', scope.providerId)
    .where('product', '=', product)
    .where('withdrawn_at', 'is', null)
    .returning('product')
    .executeTakeFirst();
  return withdrawn !== undefined;
}
