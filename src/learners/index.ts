export { createLearners, type Learners } from './learners.ts';
export type { LearnersDeps } from './write-learners.ts';
