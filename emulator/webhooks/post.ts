import { signPayload } from './signer.ts';

export interface PostResult {
  readonly isAccepted: boolean;
  readonly outcome: string;
}

const MAX_BODY_READ_CHARS = 1;

/**
 * Sends one payload. It counts when a 2xx comes in time with neither body nor cookie, as Xero asks.
 * `signature` overrides the right one, for probes.
 */
export async function postPayload(
  url: string,
  key: string,
  payload: unknown,
  timeoutMs: number,
  signature?: string,
): Promise<PostResult & { readonly status: number | undefined }> {
  const body = Buffer.from(JSON.stringify(payload));
  try {
    const response = await fetch(url, {
      method: 'POST',
      redirect: 'manual',
      signal: AbortSignal.timeout(timeoutMs),
      headers: {
        'content-type': 'application/json; charset=utf-8',
        'x-xero-signature': signature ?? signPayload(body, key),
      },
      body,
    });
    const text = await response.text();
    return { status: response.status, ...judge(response, text) };
  } catch (error) {
    const isLate = error instanceof Error && error.name === 'TimeoutError';
    const outcome = isLate ? `no answer within ${timeoutMs} ms` : 'could not be reached';
    return { status: undefined, isAccepted: false, outcome };
  }
}

function judge(response: Response, text: string): PostResult {
  if (response.status < 200 || response.status > 299) {
    return { isAccepted: false, outcome: `status ${response.status}` };
  }
  if (response.headers.has('set-cookie')) return { isAccepted: false, outcome: 'set a cookie' };
  if (text.length >= MAX_BODY_READ_CHARS) return { isAccepted: false, outcome: 'sent a body' };
  return { isAccepted: true, outcome: 'ok' };
}
