import { AppError } from '#platform/app-error';
import type { Urgency } from './org-client.ts';

/** Which limit is in the way; `local` is our own, kept below Xero's so that theirs is not met. */
export type BusyKind = 'minute' | 'day' | 'concurrent' | 'app' | 'local';

/** Why Xero no longer lets us in. */
export type ConsentLossReason =
  /** The refresh token is dead: expired, revoked or superseded. */
  | 'grant-dead'
  /** The organisation is disconnected from us, or the person lost access to it (403). */
  | 'access-removed'
  /** Our token is refused even when it is fresh (401). */
  | 'token-refused'
  /** The consent does not cover what we asked for. */
  | 'scope-missing';

interface Facts {
  /** Xero's reference for the call, worth giving to its support. */
  correlationId?: string | null;
  cause?: unknown;
}

/** Any foreseen failure of talking to Xero. */
export abstract class XeroError extends AppError {
  readonly correlationId: string | null;

  constructor(
    code: 'xero.refused' | 'xero.busy' | 'xero.down' | 'xero.consent-lost' | 'xero.uncertain',
    detail: string,
    facts: Facts = {},
  ) {
    super(code, detail, { cause: facts.cause });
    this.correlationId = facts.correlationId ?? null;
  }
}

/** Xero refused the whole request (4xx). `messages` are its own words. Repeating it changes nothing. */
export class XeroRefusedError extends XeroError {
  override readonly name = 'XeroRefusedError';
  readonly httpStatus: number;
  readonly messages: string[];

  constructor(httpStatus: number, messages: string[], facts: Facts = {}) {
    super('xero.refused', messages.join(' ') || `Xero answered ${httpStatus}.`, facts);
    this.httpStatus = httpStatus;
    this.messages = messages;
  }
}

/**
 * Whether a filter was refused as such. Over 100,000 rows of a kind Xero takes only the filters that
 * its pages call optimised (HighVolumeException); single rows can be asked for all the same.
 */
export function isFilterRefused(error: unknown): boolean {
  return error instanceof XeroRefusedError && FILTER_REFUSED.has(error.httpStatus);
}

/** A list is always there: that it is not found tells of an address that is too long. */
const FILTER_REFUSED = new Set([400, 404, 414]);

/** A limit is reached. Nothing was done; ask again at `retryAt`, for this organisation alone. */
export class XeroBusyError extends XeroError {
  override readonly name = 'XeroBusyError';
  readonly kind: BusyKind;
  readonly retryAt: Date;
  /** For whom the call was: where it was in the background, part of the limits may be left. */
  readonly urgency: Urgency;

  constructor(kind: BusyKind, retryAt: Date, facts: Facts & { urgency?: Urgency } = {}) {
    super('xero.busy', busyWords[kind], facts);
    this.kind = kind;
    this.retryAt = retryAt;
    this.urgency = facts.urgency ?? 'background';
  }
}

const busyWords: Record<BusyKind, string> = {
  minute: 'Xero’s limit of calls a minute is reached.',
  day: 'Xero’s limit of calls a day is reached.',
  concurrent: 'Xero works on as many calls at once as it allows.',
  app: 'Xero’s limit of calls for all organisations together is reached.',
  local: 'We keep below Xero’s limits for this organisation.',
};

/** What stands behind a call that could not be made or answered. */
export type DownReason =
  /** The line, Xero's servers, or an answer that can't be read. */
  | 'line'
  /** Xero says that this one organisation is offline. */
  | 'offline'
  /** Xero does not accept our app: its id or secret is wrong. */
  | 'app-refused'
  /** The stored permission does not open with the keys of this Bursar. */
  | 'key-missing'
  /** The stored permission was given to another app, or at another Xero, than the settings name. */
  | 'other-app';

/** Nothing was sent, or a read failed, or Xero said it is offline: safe to repeat from `retryAt`. */
export class XeroDownError extends XeroError {
  override readonly name = 'XeroDownError';
  readonly retryAt: Date;
  readonly why: DownReason;
  /** The answer took too long or was too large: one about less may come. */
  readonly isTooMuch: boolean;

  constructor(
    detail: string,
    retryAt: Date,
    facts: Facts & { why?: DownReason; isTooMuch?: boolean } = {},
  ) {
    super('xero.down', detail, facts);
    this.retryAt = retryAt;
    this.why = facts.why ?? 'line';
    this.isTooMuch = facts.isTooMuch ?? false;
  }
}

/** Xero no longer lets us in; only a person who connects again can change that. */
export class XeroConsentError extends XeroError {
  override readonly name = 'XeroConsentError';
  readonly reason: ConsentLossReason;

  constructor(reason: ConsentLossReason, facts: Facts = {}) {
    super('xero.consent-lost', consentLossWords[reason], facts);
    this.reason = reason;
  }
}

/** What each reason means, in words for people. */
export const consentLossWords: Record<ConsentLossReason, string> = {
  'grant-dead': 'The permission given in Xero has ended or was withdrawn.',
  'access-removed':
    'Bursar was disconnected in Xero, or the person who connected it lost access there.',
  'token-refused': 'Xero refuses our access although it was renewed just now.',
  'scope-missing': 'The permission given in Xero does not cover everything that is needed.',
};

/**
 * A write was sent and no answer came, or one that does not say whether it was done. Look the
 * record up by our own number before writing again: Xero forgets idempotency keys in minutes.
 */
export class XeroUncertainError extends XeroError {
  override readonly name = 'XeroUncertainError';

  constructor(detail: string, facts: Facts = {}) {
    super('xero.uncertain', detail, facts);
  }
}
