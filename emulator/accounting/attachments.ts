import type { ApiAnswer, ApiCall, Operation } from './api-call.ts';
import { notFound, validationError } from './api-error.ts';
import { answerList } from './envelope.ts';
import type { Attachment } from './settings-model.ts';
import { SUBJECTS, type Subject, subjectId } from './subjects.ts';
import type { Wire } from './wire-common.ts';

const MAX_ATTACHMENTS = 10;
const MAX_NAME_CHARS = 255;
const FORBIDDEN_IN_NAMES = /[<>:"/\\|?*\p{Cc}]/u;

/** Files beside papers: raw bytes in, raw bytes out, ten a paper. */
function listAttachments(call: ApiCall, subject: Subject): ApiAnswer {
  const id = subjectId(call, subject);
  const found = call.books.attachments.find('subject', id);
  return answerList(
    call,
    'Attachments',
    found.map((one) => wireAttachment(call, subject, one)),
  );
}

function readAttachment(call: ApiCall, subject: Subject): ApiAnswer {
  const found = findAttachment(call, subjectId(call, subject));
  if (!found) throw notFound();
  return { status: 200, contentType: found.mimeType, body: Buffer.from(found.base64, 'base64') };
}

function writeAttachment(call: ApiCall, subject: Subject): ApiAnswer {
  const subject_ = subjectId(call, subject);
  const fileName = call.params.FileName ?? '';
  const known = findAttachment(call, subject_);
  const message = attachmentRefusal(call, subject_, fileName, known !== undefined);
  if (message)
    throw validationError([{ FileName: fileName, ValidationErrors: [{ Message: message }] }]);
  const attachment: Attachment = {
    id: known?.id ?? call.ids.uuid(),
    subjectId: subject_,
    fileName,
    mimeType: call.contentType || 'application/octet-stream',
    isOnline: call.query.includeonline?.toLowerCase() === 'true',
    contentLength: call.rawBody.length,
    base64: call.rawBody.toString('base64'),
  };
  call.books.attachments.put(attachment);
  return answerList(call, 'Attachments', [wireAttachment(call, subject, attachment)]);
}

function attachmentRefusal(
  call: ApiCall,
  id: string,
  fileName: string,
  isKnown: boolean,
): string | undefined {
  if (call.rawBody.length === 0) return 'The attachment is empty';
  if (fileName.length > MAX_NAME_CHARS || FORBIDDEN_IN_NAMES.test(fileName)) {
    return 'The file name is not valid';
  }
  const isFull = call.books.attachments.find('subject', id).length >= MAX_ATTACHMENTS;
  return isFull && !isKnown
    ? `A document can have at most ${MAX_ATTACHMENTS} attachments`
    : undefined;
}

/** By id or by name: both share one path. */
function findAttachment(call: ApiCall, id: string): Attachment | undefined {
  const key = (call.params.FileName ?? '').toLowerCase();
  return call.books.attachments
    .find('subject', id)
    .find((one) => one.id === key || one.fileName.toLowerCase() === key);
}

function wireAttachment(call: ApiCall, subject: Subject, attachment: Attachment): Wire {
  const name = encodeURIComponent(attachment.fileName);
  return {
    AttachmentID: attachment.id,
    FileName: attachment.fileName,
    Url: `${call.baseUrl}/api.xro/2.0${subject.path}/${attachment.subjectId}/Attachments/${name}`,
    MimeType: attachment.mimeType,
    ContentLength: attachment.contentLength,
    IncludeOnline: attachment.isOnline,
  };
}

export const attachmentOperations: readonly Operation[] = SUBJECTS.flatMap((subject) => {
  if (!subject.attachments) return [];
  const [list, , byName, update, create] = subject.attachments;
  const path = `${subject.path}/:${subject.idName}/Attachments`;
  const one = `${path}/:FileName`;
  return [
    { id: list, method: 'GET', path, handle: (call: ApiCall) => listAttachments(call, subject) },
    {
      id: byName,
      method: 'GET',
      path: one,
      handle: (call: ApiCall) => readAttachment(call, subject),
    },
    {
      id: update,
      method: 'POST',
      path: one,
      handle: (call: ApiCall) => writeAttachment(call, subject),
    },
    {
      id: create,
      method: 'PUT',
      path: one,
      handle: (call: ApiCall) => writeAttachment(call, subject),
    },
  ] as const;
});
