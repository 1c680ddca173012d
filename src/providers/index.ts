export type { AddedPerson, NewPerson } from './add-person.ts';
export type { Authenticated, Credentials } from './authenticate.ts';
export { type Caller, callerKey, scopeOf } from './caller.ts';
export type { NewProvider } from './create-provider.ts';
export { hasLicence, PRODUCTS, type Product } from './licence-store.ts';
export { whoMay } from './permission.ts';
export { getProvider, type Provider } from './provider-store.ts';
export { createProviders, type Providers } from './providers.ts';
export { stillMay } from './still-may.ts';
