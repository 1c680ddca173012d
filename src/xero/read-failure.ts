import { z } from 'zod';
import { MINUTE_MS, plus, SECOND_MS } from '#platform/clock';
import type { Urgency } from './org-client.ts';
import { presentable } from './redact.ts';
import type { WireAnswer } from './request.ts';
import {
  type BusyKind,
  XeroBusyError,
  XeroConsentError,
  XeroDownError,
  type XeroError,
  XeroRefusedError,
  XeroUncertainError,
} from './xero-errors.ts';

/** How long to wait where Xero does not say: it speaks of five minutes when it is offline. */
const OFFLINE_WAIT_MS = 5 * MINUTE_MS;
export const TROUBLE_WAIT_MS = 30 * SECOND_MS;
const BUSY_WAIT_MS: Record<BusyKind, number> = {
  concurrent: 1 * SECOND_MS,
  minute: 60 * SECOND_MS,
  app: 60 * SECOND_MS,
  day: 15 * MINUTE_MS,
  local: 1 * SECOND_MS,
};
const BUSY_KINDS: Record<string, BusyKind> = {
  minute: 'minute',
  day: 'day',
  daily: 'day',
  concurrent: 'concurrent',
  appminute: 'app',
};

/** Texts of a body of Xero's, whichever of its four kinds it is: chosen by content type. */
export function messagesOf(answer: WireAnswer): string[] {
  const type = answer.headers.get('content-type') ?? '';
  if (answer.text.trim() === '') return [];
  if (!/\bjson\b/i.test(type)) {
    // An HTML page is somebody's error page: its words help nobody.
    return /\bhtml\b/i.test(type) ? [] : [presentable(answer.text)];
  }
  const parsed = Body.safeParse(parseJson(answer.text));
  if (!parsed.success) return [];
  const { data } = parsed;
  const ofElements = (data.Elements ?? []).flatMap((element) =>
    (element.ValidationErrors ?? []).flatMap(({ Message }) => Message ?? []),
  );
  const found = ofElements.length > 0 ? ofElements : [data.Message, data.Detail, data.Title];
  const oauth = data.error_description ?? data.error;
  const texts = [...found, oauth].filter((text) => typeof text === 'string' && text !== '');
  return [...new Set(texts.map((text) => presentable(String(text))))];
}

const text = z.string().nullish().catch(null);
const Body = z.looseObject({
  // The accounting envelope
  Message: text,
  Elements: z
    .array(
      z.looseObject({
        ValidationErrors: z.array(z.looseObject({ Message: text })).nullish(),
      }),
    )
    .nullish()
    .catch(null),
  // The problem document
  Title: text,
  Detail: text,
  // OAuth
  error: text,
  error_description: text,
});

/** JSON, or null when the text is none. */
export function parseJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return null;
  }
}

/**
 * What an answer means, when it is not the one hoped for; null for 2xx. `isWrite` decides whether
 * a broken answer leaves the outcome open, `urgency` for whom it was.
 */
export function failureOf(
  answer: WireAnswer,
  isWrite: boolean,
  now: Date,
  urgency: Urgency = 'background',
): XeroError | null {
  const { status, headers } = answer;
  if (status >= 200 && status < 300) return null;
  const correlationId = headers.get('xero-correlation-id');
  if (status === 401) return consentFailure(answer);
  if (status === 403) return new XeroConsentError('access-removed', { correlationId });
  if (status === 429) return busyFailure(answer, now, urgency);
  if (status === 503) return offlineFailure(answer, isWrite, now);
  if (status === 501 || (status >= 400 && status < 500)) {
    return new XeroRefusedError(status, messagesOf(answer), { correlationId });
  }
  if (isWrite && status >= 500) {
    return new XeroUncertainError(`Xero answered ${status}.`, { correlationId });
  }
  return new XeroDownError(`Xero answered ${status}.`, plus(now, TROUBLE_WAIT_MS), {
    correlationId,
  });
}

// Xero spells it both ways (an integrator's notes), so the match is loose.
const SCOPE_MISSING = /insuf+ici?ent_?scope/i;

function consentFailure(answer: WireAnswer): XeroConsentError {
  const challenge = `${answer.headers.get('www-authenticate') ?? ''} ${answer.text}`;
  const reason = SCOPE_MISSING.test(challenge) ? 'scope-missing' : 'token-refused';
  return new XeroConsentError(reason, { correlationId: answer.headers.get('xero-correlation-id') });
}

function busyFailure(answer: WireAnswer, now: Date, urgency: Urgency): XeroBusyError {
  const problem = (answer.headers.get('x-rate-limit-problem') ?? '').toLowerCase();
  const kind = BUSY_KINDS[problem] ?? 'minute';
  const retryAt = plus(now, retryAfterMs(answer.headers) ?? BUSY_WAIT_MS[kind]);
  const correlationId = answer.headers.get('xero-correlation-id');
  return new XeroBusyError(kind, retryAt, { correlationId, urgency });
}

/** The other texts of a 503 speak of Xero's API as a whole. */
const ORGANISATION_OFFLINE = /organisation is offline/i;

// The plain-text 503 comes from Xero itself before it does anything; one from the edge, as a
// page, may hide a write that was carried out.
function offlineFailure(answer: WireAnswer, isWrite: boolean, now: Date): XeroError {
  const correlationId = answer.headers.get('xero-correlation-id');
  const isFromEdge = /\bhtml\b/i.test(answer.headers.get('content-type') ?? '');
  if (isWrite && isFromEdge) {
    return new XeroUncertainError('Xero answered 503.', { correlationId });
  }
  const [words = 'Xero is offline.'] = messagesOf(answer);
  const wait = retryAfterMs(answer.headers) ?? OFFLINE_WAIT_MS;
  const why = ORGANISATION_OFFLINE.test(words) ? 'offline' : 'line';
  return new XeroDownError(words, plus(now, wait), { correlationId, why });
}

/** `Retry-After` in milliseconds; null when it is missing or no number of seconds. */
function retryAfterMs(headers: Headers): number | null {
  const seconds = Number(headers.get('retry-after') ?? Number.NaN);
  return Number.isFinite(seconds) && seconds >= 0 ? Math.ceil(seconds) * SECOND_MS : null;
}
