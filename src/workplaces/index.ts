export { createWorkplaces, type Workplaces } from './workplaces.ts';
