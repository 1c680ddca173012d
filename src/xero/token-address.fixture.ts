import type { Clock } from '#platform/clock';
import { AnswerLostError, type Send } from './request.ts';
import { answerOf, jwt } from './xero.fixture.ts';

const GRACE_MS = 30 * 60_000;

/** Xero's token address as far as rotation goes: old tokens work for half an hour, then never. */
export interface TokenAddress {
  send: Send;
  /** How many renewals Xero was asked for. */
  asked(): number;
  /** How many renewals Xero carried out. */
  renewals(): number;
  /** The next answers are lost after the renewal was carried out. */
  loseAnswers(count: number): void;
  /** Every token ends, as after a revocation. */
  revoke(): void;
  /** From now on this one works, which came some other way. */
  know(refreshToken: string): void;
  /** The next renewals wait for this. */
  holdUntil(gate: Promise<void>): void;
}

/** A token address that knows one refresh token at first, `refresh-1`; the next are counted up. */
export function createTokenAddress(clock: Clock): TokenAddress {
  /** Refresh token to when it was rotated; null while it is the newest. */
  const known = new Map<string, number | null>([['refresh-1', null]]);
  let serial = 1;
  let asked = 0;
  let renewals = 0;
  let lost = 0;
  let gate: Promise<void> = Promise.resolve();

  return {
    asked: () => asked,
    renewals: () => renewals,
    loseAnswers: (count) => {
      lost = count;
    },
    revoke: () => known.clear(),
    know: (refreshToken) => known.set(refreshToken, null),
    holdUntil: (until) => {
      gate = until;
    },
    async send(request) {
      const form = new URLSearchParams(request.body);
      asked += 1;
      await gate;
      const token = form.get('refresh_token') ?? '';
      const rotatedAt = known.get(token);
      const now = clock.now().getTime();
      if (rotatedAt === undefined || (rotatedAt !== null && now - rotatedAt > GRACE_MS)) {
        return answerOf(400, { error: 'invalid_grant' });
      }
      if (rotatedAt === null) known.set(token, now);
      serial += 1;
      renewals += 1;
      known.set(`refresh-${serial}`, null);
      if (lost > 0) {
        lost -= 1;
        throw new AnswerLostError('lost on the way');
      }
      return answerOf(200, {
        access_token: jwt({ xero_userid: 'user-1', serial }),
        refresh_token: `refresh-${serial}`,
        expires_in: 1800,
        token_type: 'Bearer',
      });
    },
  };
}
