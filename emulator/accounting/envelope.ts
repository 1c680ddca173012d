import { BufferPool, type LentBuffer } from '../core/buffer-pool.ts';
import { wireMoment } from '../core/dates.ts';
import type { Pagination } from '../core/paging.ts';
import { isRecord, type Sent } from '../rules/field-reader.ts';
import type { ApiAnswer, ApiCall } from './api-call.ts';
import { postDataError, validationError } from './api-error.ts';
import type { Wire } from './wire-common.ts';
import { wireJson } from './wire-json.ts';

const JSON_TYPE = 'application/json; charset=utf-8';

/** A successful answer whose list is already JSON, as text or as bytes that were kept. */
export function answerJsonList(
  call: ApiCall,
  name: string,
  elements: readonly (string | Buffer)[],
  pagination?: Pagination,
): ApiAnswer {
  const head = JSON.stringify({
    Id: call.ids.uuid(),
    Status: 'OK',
    ProviderName: call.appName,
    DateTimeUTC: wireMoment(call.clock.nowMs()),
    ...(pagination ? { pagination } : {}),
  });
  const { bytes, release } = joinBytes(
    `${head.slice(0, -1)},${JSON.stringify(name)}:[`,
    elements,
    ']}',
  );
  return { status: 200, contentType: JSON_TYPE, body: bytes, release };
}

const answerBuffers = new BufferPool();
const COMMA = 0x2c;

function bytesOf(element: string | Buffer): number {
  return typeof element === 'string' ? Buffer.byteLength(element) : element.length;
}

/** Bytes are joined, not texts: a long text would be measured and encoded anew in every answer. */
function joinBytes(start: string, elements: readonly (string | Buffer)[], end: string): LentBuffer {
  let size = Buffer.byteLength(start) + Buffer.byteLength(end) + Math.max(0, elements.length - 1);
  for (const element of elements) size += bytesOf(element);
  const lent = answerBuffers.lend(size);
  let at = lent.bytes.write(start);
  elements.forEach((element, i) => {
    if (i > 0) lent.bytes[at++] = COMMA;
    at +=
      typeof element === 'string' ? lent.bytes.write(element, at) : element.copy(lent.bytes, at);
  });
  lent.bytes.write(end, at);
  return lent;
}

/** A successful answer: the common head, then the list under its name. */
export function answerList(
  call: ApiCall,
  name: string,
  elements: readonly Wire[],
  pagination?: Pagination,
): ApiAnswer {
  return answerJsonList(
    call,
    name,
    elements.map((element) => wireJson(element)),
    pagination,
  );
}

/** A JSON answer with no common head, as a few endpoints give. */
export function answerJson(body: unknown, status = 200): ApiAnswer {
  return { status, contentType: JSON_TYPE, body: wireJson(body) };
}

/** An answer without a body or a type: the 204 after a deletion or a sent e-mail. */
export function answerEmpty(status: number): ApiAnswer {
  return { status, contentType: undefined, body: '' };
}

export const MAX_ELEMENTS = 1000;

/**
 * The elements of a sent body: a list under its name, a bare list, or one bare object.
 * @throws ApiError PostDataInvalidException when there are none.
 */
export function sentElements(body: unknown, name: string, most = MAX_ELEMENTS): readonly Sent[] {
  const listed = isRecord(body) && name in body ? body[name] : body;
  const elements = Array.isArray(listed) ? listed : [listed];
  if (elements.length === 0 || !elements.every(isRecord)) {
    throw postDataError(`JSON for post data was invalid: a list of ${name} is expected`);
  }
  if (elements.length > most) {
    throw postDataError(`At most ${most} ${name} may be sent at once`);
  }
  return elements;
}

/** What came of one element: its wire form, or why not. */
export type ElementOutcome =
  | { readonly ok: true; readonly wire: Wire; readonly warnings?: readonly string[] }
  | { readonly ok: false; readonly errors: readonly string[]; readonly echo: Wire };

/**
 * Runs a write element by element; each stands for itself, and what is good is kept. Where any is bad
 * the answer is 400 and names the bad ones alone; with `summarizeErrors=false` it is 200 and lists
 * all (recorded; the official description states the default the wrong way round).
 */
export function writeElements(
  call: ApiCall,
  name: string,
  write: (sent: Sent) => ElementOutcome,
  most?: number,
): ApiAnswer {
  const elements = sentElements(call.body, name, most);
  const isSummarized = (call.query.summarizeerrors ?? 'true').toLowerCase() !== 'false';
  const outcomes = inAnsweredOrder(
    call,
    elements.map((sent) => writeOne(call, sent, write)),
  );
  const refused = outcomes.filter((outcome) => !outcome.ok);
  if (isSummarized && refused.length > 0) {
    // Answered and not thrown: that would take back the good ones.
    return validationError(
      refused.map((outcome) => ({ ...outcome.echo, ...messages(outcome.errors) })),
    ).wire;
  }
  return answerList(
    call,
    name,
    outcomes.map((outcome) => outcomeWire(outcome, isSummarized)),
  );
}

/** In which order the elements of a write are answered Xero does not promise. */
function inAnsweredOrder<T>({ switches }: ApiCall, outcomes: readonly T[]): readonly T[] {
  return switches.answersOutOfOrder ? [...outcomes.slice(1), ...outcomes.slice(0, 1)] : outcomes;
}

function writeOne(
  call: ApiCall,
  sent: Sent,
  write: (sent: Sent) => ElementOutcome,
): ElementOutcome {
  try {
    return call.store.transaction(() => {
      const outcome = write(sent);
      if (!outcome.ok) throw new RefusedElement(outcome);
      return outcome;
    });
  } catch (error) {
    if (error instanceof RefusedElement) return error.outcome;
    throw error;
  }
}

class RefusedElement extends Error {
  readonly outcome: ElementOutcome;
  constructor(outcome: ElementOutcome) {
    super('refused');
    this.outcome = outcome;
  }
}

function outcomeWire(outcome: ElementOutcome, isSummarized: boolean): Wire {
  if (!outcome.ok) {
    return { ...outcome.echo, StatusAttributeString: 'ERROR', ...messages(outcome.errors) };
  }
  const hasWarnings = (outcome.warnings?.length ?? 0) > 0;
  const warnings = hasWarnings
    ? { Warnings: outcome.warnings?.map((Message) => ({ Message })) }
    : {};
  if (isSummarized) return { ...outcome.wire, ...warnings };
  return {
    ...outcome.wire,
    StatusAttributeString: hasWarnings ? 'WARNING' : 'OK',
    ...warnings,
  };
}

function messages(errors: readonly string[]): Wire {
  return { ValidationErrors: errors.map((Message) => ({ Message })) };
}

/** A refusal of one element, echoing what was sent under the id it would have had. */
export function refuse(
  sent: Sent,
  errors: readonly string[],
  idName: string,
  id: string,
): ElementOutcome {
  return { ok: false, errors, echo: { ...sent, [idName]: id } };
}

/** Runs an act for one element only and refuses the request when it is not allowed. */
export function orRefuse(outcome: ElementOutcome): Wire {
  if (outcome.ok) return outcome.wire;
  throw validationError([{ ...outcome.echo, ...messages(outcome.errors) }]);
}
