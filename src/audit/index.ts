export { type Audit, createAudit } from './audit.ts';
export { presentRestore } from './restores.ts';
