export type { AddedPerson, NewPerson } from './add-person.ts';
export { addressesOf } from './addresses.ts';
export type { Authenticated, Credentials } from './authenticate.ts';
export { type Caller, callerKey, scopeOf } from './caller.ts';
export type { NewProvider } from './create-provider.ts';
export {
  hasLicence,
  type Licence,
  listPackage,
  PRODUCTS,
  type Product,
  productNames,
} from './licence-store.ts';
export { emailOf, listMembers } from './member-store.ts';
export { whoMay } from './permission.ts';
export { getProvider, holdProvider, type Provider } from './provider-store.ts';
export { createProviders, type Providers } from './providers.ts';
export { networkOf } from './sign-in-attempts.ts';
export { stillMay } from './still-may.ts';
