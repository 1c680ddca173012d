export { createForgetting } from './forget-old.ts';
export { causeOfLink } from './inbox/causes.ts';
export type { SyncDeps } from './lane/lane-run.ts';
export { createOnlineView } from './online-view.ts';
export { createSync, type Sync } from './sync.ts';
