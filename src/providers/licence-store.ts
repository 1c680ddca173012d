import type { Tx } from '#platform/database';
import type { Scope } from '#platform/scope';

/** What can be in a provider's package. */
export const PRODUCTS = ['xero'] as const;
export type Product = (typeof PRODUCTS)[number];

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

/** Adds a product to the package; repeating it changes nothing. */
export async function grantLicence(
  tx: Tx,
  scope: Scope,
  product: Product,
  at: Date,
): Promise<void> {
  await tx
    .insertInto('licences')
    .values({ provider_id: scope.providerId, product, granted_at: at, withdrawn_at: null })
    .onConflict((conflict) =>
      conflict
        .columns(['provider_id', 'product'])
        .doUpdateSet({ granted_at: at, withdrawn_at: null })
        .where('licences.withdrawn_at', 'is not', null),
    )
    .execute();
}

/** Takes a product out of the package; repeating it changes nothing. */
export async function withdrawLicence(
  tx: Tx,
  scope: Scope,
  product: Product,
  at: Date,
): Promise<void> {
  await tx
    .updateTable('licences')
    .set({ withdrawn_at: at })
    .where('provider_id', '=', scope.providerId)
    .where('product', '=', product)
    .where('withdrawn_at', 'is', null)
    .execute();
}
