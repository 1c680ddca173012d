import type { BetterAuthPlugin } from 'better-auth';
import { createAuthEndpoint } from 'better-auth/api';
import { setSessionCookie } from 'better-auth/cookies';
import { generateRandomString } from 'better-auth/crypto';
import { z } from 'zod';
import { MINUTE_MS, plus, SECOND_MS, systemClock } from '#platform/clock';

/** Between password (or Xero) and code; as long as the library gives for it. */
const SECOND_STEP_MS = 10 * MINUTE_MS;
export const SECOND_STEP_COOKIE = 'two_factor';

/**
 * Lets somebody in whose identity was proved elsewhere (by Xero, by an invitation's link). Who has
 * an authenticator app is asked for a code first, just as after a password: the same challenge is
 * left, so that one way of answering it serves both.
 */
export const openSessionPlugin = {
  id: 'bursar-open-session',
  endpoints: {
    openSession: createAuthEndpoint.serverOnly(
      { method: 'POST', body: z.object({ userId: z.string() }) },
      async (ctx) => {
        const { internalAdapter, secret } = ctx.context;
        const user = await internalAdapter.findUserById(ctx.body.userId);
        if (!user) throw new Error('There is no such person');
        if (!(user as { twoFactorEnabled?: boolean | null }).twoFactorEnabled) {
          const session = await internalAdapter.createSession(user.id);
          await setSessionCookie(ctx, { session, user });
          return ctx.json({ step: 'signed-in' as const });
        }
        const identifier = `2fa-${generateRandomString(20)}`;
        const cookie = ctx.context.createAuthCookie(SECOND_STEP_COOKIE, {
          maxAge: SECOND_STEP_MS / SECOND_MS,
        });
        // By the machine's clock, since the library compares with that.
        const expiresAt = plus(systemClock.now(), SECOND_STEP_MS);
        await internalAdapter.createVerificationValue({ value: user.id, identifier, expiresAt });
        await internalAdapter.createVerificationValue({
          value: '0',
          identifier: `2fa-attempts-${identifier}`,
          expiresAt,
        });
        await ctx.setSignedCookie(cookie.name, identifier, secret, cookie.attributes);
        return ctx.json({ step: 'second-factor' as const });
      },
    ),
  },
} satisfies BetterAuthPlugin;
