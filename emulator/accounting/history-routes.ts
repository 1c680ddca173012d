import { momentTwin, wireMoment } from '../core/dates.ts';
import { FieldReader } from '../rules/field-reader.ts';
import type { ApiAnswer, ApiCall, Operation } from './api-call.ts';
import { validationError } from './api-error.ts';
import { answerList, sentElements } from './envelope.ts';
import { noteHistory } from './history.ts';
import type { HistoryRecord } from './settings-model.ts';
import { SUBJECTS, type Subject, subjectId } from './subjects.ts';
import type { Wire } from './wire-common.ts';

const MAX_NOTE_CHARS = 2500;

function wireRecord(record: HistoryRecord): Wire {
  return {
    Changes: record.changes,
    DateUTCString: momentTwin(record.atMs).slice(0, 19),
    DateUTC: wireMoment(record.atMs),
    User: record.user,
    Details: record.details,
  };
}

/** Newest first. */
function readHistory(call: ApiCall, subject: Subject): ApiAnswer {
  const records = call.books.history.find('subject', subjectId(call, subject));
  return answerList(call, 'HistoryRecords', [...records].reverse().map(wireRecord));
}

function addNotes(call: ApiCall, subject: Subject): ApiAnswer {
  const id = subjectId(call, subject);
  const notes = sentElements(call.body, 'HistoryRecords').map((sent) => {
    const read = new FieldReader(sent);
    const details = read.text('Details', MAX_NOTE_CHARS);
    if (!details && read.errors.length === 0) read.errors.push('Details must be specified');
    if (read.errors.length > 0) {
      const ValidationErrors = read.errors.map((Message) => ({ Message }));
      throw validationError([{ ...sent, ValidationErrors }]);
    }
    return details ?? '';
  });
  for (const details of notes) noteHistory(call, id, 'Note', details);
  const made = call.books.history.find('subject', id).slice(-notes.length);
  return answerList(call, 'HistoryRecords', made.map(wireRecord));
}

export const historyOperations: readonly Operation[] = SUBJECTS.flatMap((subject) => {
  if (!subject.history) return [];
  const [readId, writeId] = subject.history;
  const path = `${subject.path}/:${subject.idName}/History`;
  return [
    { id: readId, method: 'GET', path, handle: (call: ApiCall) => readHistory(call, subject) },
    { id: writeId, method: 'PUT', path, handle: (call: ApiCall) => addNotes(call, subject) },
  ] as const;
});
