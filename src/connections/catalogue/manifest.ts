import type { AppKey, CatalogueApp } from '#contract/connections';
import type { Product } from '#providers/index';

/** What the catalogue says of one app; everything else is found out per provider. */
export interface Manifest extends Pick<CatalogueApp, 'name' | 'summary' | 'flows' | 'scopes'> {
  key: AppKey;
  /** The licence that a provider's package must include. */
  product: Product;
}
