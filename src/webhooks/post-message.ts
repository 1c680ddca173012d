import { type IncomingMessage, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { isIP } from 'node:net';
import { SECOND_MS } from '#platform/clock';
import { checkedUrl, hostOf, NotAllowedError, publicLookup } from './addresses.ts';

/** What became of one attempt. */
export interface Posted {
  outcome: 'delivered' | 'refused' | 'no-answer' | 'not-allowed';
  status: number | null;
  /** The beginning of the answer, or why there is none; at most 1 kB. */
  answer: string | null;
}

export type Post = (url: string, headers: Record<string, string>, body: string) => Promise<Posted>;

const DEADLINE_MS = 15 * SECOND_MS;
const ANSWER_BYTES_MAX = 1_000;

/** Posts over one connection of its own; follows no redirect and reads no more than 1 kB. */
export function createPost(allowLocal: boolean): Post {
  return async (address, headers, body) => {
    try {
      const url = checkedUrl(address, allowLocal);
      const { status, answer } = await send(url, headers, body, allowLocal);
      return { outcome: status >= 200 && status < 300 ? 'delivered' : 'refused', status, answer };
    } catch (error) {
      const isOurs = error instanceof NotAllowedError;
      const answer = cut(error instanceof Error ? describe(error) : String(error));
      return { outcome: isOurs ? 'not-allowed' : 'no-answer', status: null, answer };
    }
  };
}

function send(
  url: URL,
  headers: Record<string, string>,
  body: string,
  allowLocal: boolean,
): Promise<{ status: number; answer: string }> {
  const request = url.protocol === 'https:' ? requestHttps : requestHttp;
  const isName = isIP(hostOf(url)) === 0;
  return new Promise((resolve, reject) => {
    const sent = request(
      url,
      {
        method: 'POST',
        headers: { ...headers, 'content-length': String(Buffer.byteLength(body)) },
        agent: false,
        signal: AbortSignal.timeout(DEADLINE_MS),
        ...(isName && !allowLocal ? { lookup: publicLookup } : {}),
      },
      (answer) => {
        readStart(answer).then((text) => {
          sent.destroy();
          resolve({ status: answer.statusCode ?? 0, answer: text });
        }, reject);
      },
    );
    sent.on('error', reject);
    sent.end(body);
  });
}

/** The first bytes of an answer; the rest is never read. */
async function readStart(answer: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of answer) {
    parts.push(part as Buffer);
    bytes += (part as Buffer).length;
    if (bytes >= ANSWER_BYTES_MAX) break;
  }
  return cut(Buffer.concat(parts).subarray(0, ANSWER_BYTES_MAX).toString('utf8'));
}

/** At most 1 kB, also of what grew by being made readable; PostgreSQL's text holds no NUL. */
function cut(text: string): string {
  const clean = Buffer.from(text.replaceAll('\0', '').trim());
  return clean.subarray(0, ANSWER_BYTES_MAX).toString('utf8');
}

function describe(error: Error): string {
  if (error.name === 'TimeoutError' || error.name === 'AbortError') {
    return `No answer within ${DEADLINE_MS / SECOND_MS} seconds.`;
  }
  const { code } = error as NodeJS.ErrnoException;
  return code ? `${code}: ${error.message}` : error.message;
}
