import { appendFileSync } from 'node:fs';
import type { TimeSource } from './core/clock.ts';
import { unknownGaps } from './coverage/guard.ts';
import { createWatch } from './coverage/watch.ts';
import { ORGANISATION_IDS } from './seeds/identity.ts';
import { createEmulator, type Emulator, type EmulatorOptions } from './server.ts';

/** Helpers of the emulator's own tests. */

export const ALL_SCOPES =
  'openid profile email offline_access accounting.contacts accounting.invoices accounting.payments accounting.settings accounting.banktransactions accounting.manualjournals accounting.attachments';
export const REDIRECT_URI = 'http://localhost:9/callback';
export const CLIENT_ID = 'emulator-client-id';
export const CLIENT_SECRET = 'emulator-client-secret';

/** A clock that only moves when it is told to. */
export function fixedClock(start = '2026-11-22T09:00:00.000Z'): TimeSource {
  const moment = new Date(start);
  return { now: () => new Date(moment) };
}

/**
 * An emulator with organisations but no papers, on a standing clock, limits out of the way. Closing
 * it fails when any of its answers, whoever asked, had a gap to the official description.
 */
export async function startEmulator(options: EmulatorOptions = {}): Promise<Emulator> {
  const watch = createWatch();
  // Of one family, so that no other listens at the same port of the other.
  const own = { host: '127.0.0.1', onAnswer: watch.hear };
  const ground = { seed: 'empty', clock: fixedClock(), ...own } as const;
  const emulator = await createEmulator({ ...ground, ...options });
  emulator.control.limits.numbers.minute = 1_000_000;
  emulator.control.limits.numbers.day = 1_000_000;
  const close = async () => {
    await emulator.close();
    if (!COLLECT_INTO) watch.refuseGaps();
  };
  return { ...emulator, close };
}

/** The authorize address that an app would open. */
export function authorizeUrl(emulator: Emulator, params: Record<string, string> = {}): string {
  const query = new URLSearchParams({
    response_type: 'code',
    client_id: CLIENT_ID,
    redirect_uri: REDIRECT_URI,
    scope: ALL_SCOPES,
    state: 'state-1',
    ...params,
  });
  return `${emulator.url}/identity/connect/authorize?${query}`;
}

export interface Tokens {
  readonly access_token: string;
  readonly refresh_token: string;
  readonly id_token: string;
  readonly expires_in: number;
  readonly scope: string;
}

/** Posts to the token endpoint with the app's secret. */
export function postToken(
  emulator: Emulator,
  form: Record<string, string>,
  path = '/connect/token',
): Promise<Response> {
  const basic = Buffer.from(`${CLIENT_ID}:${CLIENT_SECRET}`).toString('base64');
  return fetch(`${emulator.url}${path}`, {
    method: 'POST',
    headers: { authorization: `Basic ${basic}` },
    body: new URLSearchParams(form),
  });
}

/** Consents as Ada (or another) and exchanges the code. */
export async function obtainTokens(
  emulator: Emulator,
  user = 'ada.adviser@example.com',
  organisations: readonly string[] | 'all' = 'all',
): Promise<Tokens> {
  const to = emulator.control.people.consent(authorizeUrl(emulator), { user, organisations });
  const code = new URL(to).searchParams.get('code') ?? '';
  const response = await postToken(emulator, {
    grant_type: 'authorization_code',
    code,
    redirect_uri: REDIRECT_URI,
  });
  if (!response.ok) throw new Error(`no tokens: ${response.status} ${await response.text()}`);
  return (await response.json()) as Tokens;
}

/** Parsed JSON whose shape the test states by what it expects. */
export type Json = ReturnType<typeof JSON.parse>;

/** An answer's JSON, of whatever shape; an answer that is none fails the test. */
export function jsonOf(response: Response): Promise<Json> {
  return response.json();
}

export interface ApiResult {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** Parsed, or undefined when the answer is no JSON. */
  readonly json: Json;
}

export type ApiClient = (
  method: string,
  path: string,
  body?: unknown,
  headers?: Record<string, string>,
) => Promise<ApiResult>;

/** A client of the Accounting API for one organisation. */
export function apiClient(
  emulator: Emulator,
  accessToken: string,
  orgId: string = ORGANISATION_IDS.au,
): ApiClient {
  return async (method, path, body, headers = {}) => {
    const response = await fetch(`${emulator.url}/api.xro/2.0${path}`, {
      method,
      headers: {
        authorization: `Bearer ${accessToken}`,
        'xero-tenant-id': orgId,
        accept: 'application/json',
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined
        ? {}
        : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.includes('json');
    if (isJson) refuseNewGaps(method, path, response.status, text);
    return {
      status: response.status,
      headers: response.headers,
      text,
      json: isJson ? JSON.parse(text) : undefined,
    };
  };
}

/** With a file named here, gaps are collected into it instead of failing the test. */
const COLLECT_INTO = process.env.EMULATOR_COLLECT_GAPS;

/** Every answer that any test provokes is held against the official description. */
export function refuseNewGaps(method: string, path: string, status: number, text: string): void {
  const unknown = unknownGaps(method, path, status, JSON.parse(text));
  if (unknown.length === 0) return;
  if (!COLLECT_INTO) {
    throw new Error(`the official description knows otherwise: ${unknown.join('; ')}`);
  }
  appendFileSync(COLLECT_INTO, unknown.map((gap) => `${gap}\n`).join(''));
}

/** An emulator with an app connected by Ada, and a client of the Australian organisation. */
export async function startConnected(
  options: EmulatorOptions = {},
): Promise<{ emulator: Emulator; api: ApiClient; tokens: Tokens }> {
  const emulator = await startEmulator(options);
  const tokens = await obtainTokens(emulator);
  return { emulator, tokens, api: apiClient(emulator, tokens.access_token) };
}

/** The messages of a refused request, all elements together. */
export function messagesOf(result: ApiResult): string[] {
  return (result.json?.Elements ?? []).flatMap((element: Json) =>
    (element.ValidationErrors ?? []).map((one: Json) => one.Message),
  );
}
