export type { GivenFile } from './imports/import-record.ts';
export type { ImportOptions } from './imports/set-options.ts';
export { createLearners, type Learners } from './learners.ts';
export type { LearnersDeps } from './write-learners.ts';
