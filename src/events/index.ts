export type {
  AboutParty,
  BursarEvent,
  EventKind,
  EventOf,
  FieldChange,
} from './event.ts';
export { aboutParty } from './event.ts';
export { createEventLog, type EventLog, type LoggedEvent } from './event-log.ts';
export { inWords, labelOf } from './field-labels.ts';
export { historyOf, historyOfConnection, historyOfDocument } from './history.ts';
