import type { ErrorCode, Problem } from '#contract/errors';
import { requestTexts } from '#contract/request-texts';
import { readJson } from '../util/json.ts';

/** A failed call; `problem` is always complete, whatever the server or the network did. */
export class ProblemError extends Error {
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.title);
    this.name = 'ProblemError';
    this.problem = problem;
  }
}

/** What a person reads of a failure. */
export interface Explanation {
  title: string;
  /** What is particular to this case; null when the title says it all. */
  detail: string | null;
  /** What to do about it. */
  way: string;
  /** "Ana Silva (Owner)", one entry each, when someone else here may do it. */
  whoMay: string[];
  /** To be given to whoever runs this Bursar. */
  reference: string | null;
}

/** The one place where a failure of any kind becomes words. */
export function explain(error: unknown): Explanation {
  const problem = problemOf(error);
  return {
    title: problem.title,
    detail: problem.detail && problem.detail !== problem.title ? problem.detail : null,
    way: problem.way,
    whoMay: (problem.whoMay ?? []).map((person) => `${person.name} (${person.role})`),
    reference: problem.reference ?? null,
  };
}

/** The problem behind any thrown value; what is no ProblemError is a fault of these pages. */
export function problemOf(error: unknown): Problem {
  return error instanceof ProblemError ? error.problem : ownProblem('server.unexpected');
}

/**
 * Whether a call failed by just this code. A fault of these pages has none, so it never does,
 * though `problemOf` shows it as one.
 */
export function hasCode(error: unknown, code: ErrorCode): boolean {
  return error instanceof ProblemError && error.problem.code === code;
}

/** The field messages of a refused form, by field name; the first message of a field wins. */
export function fieldMessages(error: unknown): Record<string, string> {
  const messages: Record<string, string> = {};
  for (const { field, message } of problemOf(error).fields ?? []) messages[field] ??= message;
  return messages;
}

export const unreachable: Problem = {
  ...ownProblem('server.busy'),
  title: 'Bursar can’t be reached',
  way: 'Check that you are online. This page goes on by itself once Bursar answers again.',
};

/** Of an act nobody can say then whether it was done. */
export const unconfirmed: Problem = {
  ...unreachable,
  way: 'Check that you are online. It may have been done or not: look before you try again.',
};

/** The problem for an answer that is no JSON: something else than Bursar answered. */
export const unreadableAnswer: Problem = {
  ...ownProblem('server.unexpected'),
  detail: 'Bursar’s answer could not be read.',
  way: 'Reload this page: Bursar may have been updated meanwhile.',
};

/** Reads a failed answer; one that is no problem document becomes a general problem. */
export function problemOfAnswer(status: number, text: string): Problem {
  const answer = readJson(text);
  // The words of a proxy are not for our readers.
  return isProblem(answer) ? answer : ownProblem(codeOfStatus(status));
}

type RequestCode = keyof typeof requestTexts;

/** Whether an answer has what is shown of a problem; a proxy's JSON has not. */
function isProblem(answer: unknown): answer is Problem {
  const { code, title, way } = (answer ?? {}) as Record<string, unknown>;
  return [code, title, way].every((part) => typeof part === 'string');
}

function codeOfStatus(status: number): RequestCode {
  if (status === 401) return 'session.missing';
  if (status === 403) return 'permission.missing';
  if (status === 404) return 'request.not-found';
  if (status === 413) return 'request.too-large';
  if (status === 429) return 'request.too-many';
  return status === 502 || status === 503 || status === 504 ? 'server.busy' : 'server.unexpected';
}

function ownProblem(code: RequestCode): Problem {
  const { status, title, way, remedy } = requestTexts[code];
  return { type: 'about:blank', status, title, way, remedy, code };
}
