import { SECOND_MS } from '#platform/clock';

/** No call to Xero lasts longer; a hung socket must not hold a lane. */
export const DEADLINE_MS = 20 * SECOND_MS;
/** Xero's pages of 1,000 rows nearly always stay far below; of larger ones fewer rows are asked for. */
const ANSWER_BYTES_MAX = 32 * 1024 * 1024;
const TOO_LARGE = 'too-large';

export interface WireRequest {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  url: string;
  headers: Readonly<Record<string, string>>;
  body?: string;
}

/** Any HTTP answer, whatever its status. */
export interface WireAnswer {
  status: number;
  headers: Headers;
  text: string;
  bytes: number;
}

/** The request did not leave this machine: it is safe to repeat, whatever it was. */
export class NothingSentError extends Error {
  override readonly name = 'NothingSentError';
}

/** The request left and its answer did not come whole: it may or may not have been carried out. */
export class AnswerLostError extends Error {
  override readonly name = 'AnswerLostError';
  /** It took too long or was too large: an answer about less may come. */
  readonly isTooMuch: boolean;

  constructor(message: string, facts: { cause?: unknown; isTooMuch?: boolean } = {}) {
    super(message, { cause: facts.cause });
    this.isTooMuch = facts.isTooMuch ?? false;
  }
}

/** Sends one request. Injected, so that tests can lose answers and count calls. */
export type Send = (request: WireRequest) => Promise<WireAnswer>;

/** Sends unless this Bursar is on hold; then nothing leaves it, and that is certain. */
export function heldBack(send: Send, isHeld: (() => Promise<boolean>) | undefined): Send {
  return async (request) => {
    if (await isHeld?.()) throw new NothingSentError('This Bursar is on hold');
    return send(request);
  };
}

const NOTHING_SENT_CODES = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
  'CERT_HAS_EXPIRED',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'ERR_TLS_CERT_ALTNAME_INVALID',
]);

/**
 * Sends by the platform's own fetch, follows no redirect, and ends after the deadline.
 *
 * @throws NothingSentError or AnswerLostError; any HTTP status is an answer.
 */
export async function sendByFetch(
  request: WireRequest,
  deadlineMs: number = DEADLINE_MS,
): Promise<WireAnswer> {
  try {
    const response = await fetch(request.url, {
      method: request.method,
      headers: request.headers,
      body: request.body ?? null,
      redirect: 'manual',
      signal: AbortSignal.timeout(deadlineMs),
    });
    const { text, bytes } = await readBody(response);
    return { status: response.status, headers: response.headers, text, bytes };
  } catch (error) {
    const code = causeCode(error);
    const host = new URL(request.url).host;
    if (code && NOTHING_SENT_CODES.has(code)) {
      throw new NothingSentError(`No connection to ${host} (${code})`, { cause: error });
    }
    throw new AnswerLostError(`No whole answer from ${host} (${code ?? 'unknown'})`, {
      cause: error,
      isTooMuch: code === 'deadline' || code === TOO_LARGE,
    });
  }
}

async function readBody(response: Response): Promise<{ text: string; bytes: number }> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > ANSWER_BYTES_MAX) {
      const words = 'The answer is larger than any that is expected';
      throw Object.assign(new Error(words), { code: TOO_LARGE });
    }
    chunks.push(chunk);
  }
  return { text: Buffer.concat(chunks).toString('utf8'), bytes };
}

/** The system's or the HTTP library's word for a failure, from wherever it stands in the chain. */
function causeCode(error: unknown): string | null {
  for (let at: unknown = error, depth = 0; at instanceof Error && depth < 5; depth += 1) {
    if ('code' in at && typeof at.code === 'string') return at.code;
    if (at instanceof AggregateError && at.errors.length > 0) at = at.errors[0];
    else if (at.name === 'TimeoutError') return 'deadline';
    else at = at.cause;
  }
  return null;
}
