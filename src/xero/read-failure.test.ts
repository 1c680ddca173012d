import { describe, expect, it } from 'vitest';
import { failureOf, messagesOf } from './read-failure.ts';
import type { WireAnswer } from './request.ts';
import {
  XeroBusyError,
  XeroConsentError,
  XeroDownError,
  XeroRefusedError,
  XeroUncertainError,
} from './xero-errors.ts';

const NOW = new Date('2026-03-02T01:00:00.000Z');

function answer(status: number, text: string, headers: Record<string, string> = {}): WireAnswer {
  return { status, text, headers: new Headers(headers), bytes: text.length };
}

function json(status: number, body: unknown, headers: Record<string, string> = {}): WireAnswer {
  return answer(status, JSON.stringify(body), {
    'content-type': 'application/json; charset=utf-8',
    ...headers,
  });
}

function secondsUntil(error: unknown): number {
  if (!(error instanceof XeroBusyError || error instanceof XeroDownError)) return Number.NaN;
  return (error.retryAt.getTime() - NOW.getTime()) / 1000;
}

describe('what Xero’s bodies say', () => {
  it('takes the words of each element of a validation failure', () => {
    const body = {
      ErrorNumber: 10,
      Type: 'ValidationException',
      Message: 'A validation exception occurred',
      Elements: [
        { ValidationErrors: [{ Message: 'Name is taken' }, { Message: 'Number is taken' }] },
        { ValidationErrors: [{ Message: 'Name is taken' }] },
      ],
    };
    expect(messagesOf(json(400, body))).toEqual(['Name is taken', 'Number is taken']);
  });

  it('takes the one message of another refusal', () => {
    const body = { ErrorNumber: 14, Type: 'PostDataInvalidException', Message: 'Bad post data' };
    expect(messagesOf(json(400, body))).toEqual(['Bad post data']);
  });

  it('takes title and detail of a problem document', () => {
    const body = {
      Type: null,
      Title: 'Unauthorized',
      Status: 401,
      Detail: 'TokenExpired: long ago',
    };
    expect(messagesOf(json(401, body))).toEqual(['TokenExpired: long ago', 'Unauthorized']);
  });

  it('takes OAuth’s words', () => {
    expect(messagesOf(json(400, { error: 'invalid_grant' }))).toEqual(['invalid_grant']);
  });

  it('takes plain text, and nothing of a page or of an empty body', () => {
    const text = answer(503, 'The Organisation is offline', { 'content-type': 'text/plain' });
    expect(messagesOf(text)).toEqual(['The Organisation is offline']);
    const page = answer(404, '<html><h1>Gone</h1></html>', { 'content-type': 'text/html' });
    expect(messagesOf(page)).toEqual([]);
    expect(messagesOf(answer(429, ''))).toEqual([]);
  });

  it('survives a body that lies about its type', () => {
    expect(messagesOf(answer(400, 'not json', { 'content-type': 'application/json' }))).toEqual([]);
  });
});

describe('what an answer means', () => {
  it('is nothing for success', () => {
    expect(failureOf(json(200, {}), true, NOW)).toBeNull();
    expect(failureOf(answer(204, ''), true, NOW)).toBeNull();
  });

  it.each([400, 404, 412, 501])('is a refusal for %i', (status) => {
    const failure = failureOf(answer(status, ''), true, NOW);
    expect(failure).toBeInstanceOf(XeroRefusedError);
    expect(failure).toMatchObject({ httpStatus: status });
  });

  it.each([
    ['Bearer error="insufficient_scope"', 'scope-missing'],
    ['insufficent_scope', 'scope-missing'],
    ['Bearer error="invalid_token"', 'token-refused'],
  ])('reads a 401 with “%s” as %s', (challenge, reason) => {
    const failure = failureOf(answer(401, '', { 'www-authenticate': challenge }), false, NOW);
    expect(failure).toBeInstanceOf(XeroConsentError);
    expect(failure).toMatchObject({ reason });
  });

  it('is lost access for 403', () => {
    expect(failureOf(json(403, { Title: 'Forbidden' }), false, NOW)).toMatchObject({
      reason: 'access-removed',
    });
  });

  it.each([
    ['minute', '26', 'minute', 26],
    ['day', '3600', 'day', 3600],
    ['Daily', '3600', 'day', 3600],
    ['concurrent', undefined, 'concurrent', 1],
    ['appminute', '9', 'app', 9],
    [undefined, undefined, 'minute', 60],
  ])('reads a 429 of kind %s with Retry-After %s', (problem, after, kind, seconds) => {
    const headers = {
      ...(problem === undefined ? {} : { 'x-rate-limit-problem': problem }),
      ...(after === undefined ? {} : { 'retry-after': after }),
    };
    const failure = failureOf(answer(429, '', headers), true, NOW, 'person');
    expect(failure).toMatchObject({ kind, urgency: 'person' });
    expect(secondsUntil(failure)).toBe(seconds);
  });

  it('believes a 503 in plain words, for a write too: Xero did nothing', () => {
    const offline = answer(503, 'The Organisation is offline', { 'content-type': 'text/plain' });
    const failure = failureOf(offline, true, NOW);
    expect(failure).toBeInstanceOf(XeroDownError);
    expect(failure?.detail).toBe('The Organisation is offline');
    expect(secondsUntil(failure)).toBe(300);
  });

  it.each([500, 502, 504])('leaves a write open after %i, and a read not', (status) => {
    const page = answer(status, '<html></html>', { 'content-type': 'text/html' });
    expect(failureOf(page, true, NOW)).toBeInstanceOf(XeroUncertainError);
    expect(failureOf(page, false, NOW)).toBeInstanceOf(XeroDownError);
  });

  it('leaves a write open after a 503 page from the edge', () => {
    const page = answer(503, '<html></html>', { 'content-type': 'text/html' });
    expect(failureOf(page, true, NOW)).toBeInstanceOf(XeroUncertainError);
    expect(failureOf(page, false, NOW)).toBeInstanceOf(XeroDownError);
  });

  it('does not follow a redirect', () => {
    const away = answer(302, '', { location: 'https://elsewhere.example' });
    expect(failureOf(away, false, NOW)).toBeInstanceOf(XeroDownError);
  });
});
