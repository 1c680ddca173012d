export type { AnyProvidersRequest } from './across-providers.ts';
export { createSupport, type Support } from './support.ts';
