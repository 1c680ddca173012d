import { appendFileSync } from 'node:fs';
import { join } from 'node:path';

/** Set by the global setup: where everything that this run of tests writes is kept until its end. */
export const RUN_VARIABLE = 'BURSAR_TEST_RUN';

/**
 * Where a secret must not stand: `everywhere` what nobody is ever shown, `logs` what its owner is
 * shown once, such as a new API key.
 */
export type ForbiddenIn = 'everywhere' | 'logs';

export interface KeptSecret {
  secret: string;
  forbiddenIn: ForbiddenIn;
}

export const SECRETS_FILE = /^secrets-\d+\.jsonl$/;
export const ANSWERS_FILE = /^answers-\d+\.txt$/;
export const LOG_FILE = /\.log$/;

/** A file of this process in the run's folder; null outside a run. */
export function runFile(name: string): string | null {
  const folder = process.env[RUN_VARIABLE];
  return folder ? join(folder, name) : null;
}

const kept = new Set<string>();

/** Notes a secret that this run has come to know; at the end nothing written may hold it. */
export function keepSecret(secret: string | undefined | null, forbiddenIn: ForbiddenIn): void {
  const path = runFile(`secrets-${process.pid}.jsonl`);
  if (!path || !secret || kept.has(secret)) return;
  kept.add(secret);
  const line: KeptSecret = { secret, forbiddenIn };
  appendFileSync(path, `${JSON.stringify(line)}\n`);
}

const TOKENS = ['access_token', 'refresh_token', 'id_token'];

/** The tokens in an answer of Xero's token address. */
export function keepTokens(text: string): void {
  const given = jsonOf(text);
  for (const name of TOKENS) {
    const token = given?.[name];
    if (typeof token === 'string') keepSecret(token, 'everywhere');
  }
}

const SHOWN_ONCE = [
  /\bbur_[\w-]{43}/g,
  /\bwhsec_[A-Za-z0-9+/]{40,}=*/g,
  /[?&]secret=([A-Z2-7]{16,})/g,
  // Whoever holds one of these links may act in somebody's name.
  /\/(?:connect|invitation|new-password)\/([\w-]{20,})/g,
  // On the way through Xero.
  /[?&](?:code|state)=([\w-]{20,})/g,
];
const SESSION_COOKIE = /session_token=([^;]+)/;
const ANSWER_KEPT_MAX = 64 * 1024;

/** Keeps an answer of ours as far as pages see it, and notes what it shows to its owner alone. */
export function keepAnswer(answer: {
  url: string;
  status: number;
  cookies: string[];
  text: string;
}) {
  for (const cookie of answer.cookies) {
    const value = SESSION_COOKIE.exec(cookie)?.[1];
    if (value) keepSecret(decodeURIComponent(value), 'logs');
  }
  keepShownOnce(`${answer.url} ${answer.text}`);
  const path = runFile(`answers-${process.pid}.txt`);
  if (!path) return;
  appendFileSync(path, `${answer.url} ${answer.status} ${answer.text.slice(0, ANSWER_KEPT_MAX)}\n`);
}

/** Notes what a text shows to whom it is for, and to nobody else. */
export function keepShownOnce(text: string): void {
  for (const pattern of SHOWN_ONCE) {
    for (const match of text.matchAll(pattern)) keepSecret(match[1] ?? match[0], 'logs');
  }
}

/** Notes the password in a request's body. */
export function keepPassword(body: unknown): void {
  const password = typeof body === 'string' ? jsonOf(body)?.password : undefined;
  if (typeof password === 'string') keepSecret(password, 'logs');
}

/** Adds what a program has said to the run's logs. */
export function keepLog(name: string, text: string): void {
  const path = runFile(`${name}-${process.pid}.log`);
  if (path) appendFileSync(path, text);
}

function jsonOf(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}
