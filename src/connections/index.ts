export { type Connections, createConnections } from './connections.ts';
export type { ConnectionsDeps } from './deps.ts';
export type { ActiveConnection } from './system-store.ts';
