export type { ActiveConnection } from './active-connection.ts';
export { appName } from './catalogue/catalogue.ts';
export { type Connections, createConnections } from './connections.ts';
export type { ConnectionsDeps } from './deps.ts';
export { sealedConsentColumns } from './sealed-columns.ts';
