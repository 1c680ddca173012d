import type { Logger } from '#platform/logger';
import { type OAuth, TokenRefusedError, type TokenSet } from './oauth.ts';
import { AnswerLostError } from './request.ts';

/** A lost answer is asked again with the old token, which Xero honours for 30 minutes more. */
const LOST_ANSWER_TRIES = 3;
const LOST_ANSWER_PAUSE_MS = 500;

/**
 * Asks Xero to renew a refresh token, again where an answer was lost. Null: Xero knows this token
 * no more. Throws like `OAuth.refresh` for anything else.
 */
export async function askForRenewal(
  deps: { oauth: OAuth; logger: Logger; pause(milliseconds: number): Promise<void> },
  refreshToken: string,
): Promise<TokenSet | null> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await deps.oauth.refresh(refreshToken);
    } catch (error) {
      if (error instanceof TokenRefusedError && error.error === 'invalid_grant') return null;
      if (!(error instanceof AnswerLostError) || tries >= LOST_ANSWER_TRIES) throw error;
      deps.logger.warn({ err: error, tries }, 'the answer to a renewal was lost; asking again');
      await deps.pause(LOST_ANSWER_PAUSE_MS * tries);
    }
  }
}
