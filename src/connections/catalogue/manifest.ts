import type { AppKey, CatalogueApp } from '#contract/connections';
import type { Product } from '#providers/index';

type Described = 'name' | 'summary' | 'about' | 'price' | 'whoAllows' | 'flows' | 'scopes';

/** What the catalogue says of one app; everything else is found out per provider. */
export interface Manifest extends Pick<CatalogueApp, Described> {
  key: AppKey;
  /** The licence that a provider's package must include. */
  product: Product;
  /** Where somebody has to allow it; null for an app that is set up here alone. */
  consentAt: 'xero' | null;
}
