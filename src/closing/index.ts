export { type Closing, type ClosingDeps, createClosing } from './closing.ts';
