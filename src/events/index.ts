export {
  type BursarEvent,
  type EventKind,
  type EventOf,
  type FieldChange,
  subjectOf,
} from './event.ts';
export { createEventLog, type EventLog, type LoggedEvent } from './event-log.ts';
