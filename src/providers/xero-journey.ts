import { z } from 'zod';
import { type Clock, MINUTE_MS, plus, SECOND_MS } from '#platform/clock';
import type { Exchange } from '#platform/http';
import { type SecretBox, SecretUnreadableError } from '#platform/secrets';

/** From leaving for Xero to coming back. */
const JOURNEY_MS = 10 * MINUTE_MS;
/** From coming back to the form being sent. */
const SIGN_UP_MS = 30 * MINUTE_MS;

const Journey = z.object({
  purpose: z.enum(['sign-in', 'sign-up', 'tie']),
  secrets: z.object({ state: z.string(), nonce: z.string(), verifier: z.string() }),
  next: z.string(),
  /** Who ties; null for signing in or up. */
  personId: z.string().nullable(),
});
export type Journey = z.infer<typeof Journey>;

const Newcomer = z.object({ xeroUserId: z.string(), email: z.string(), name: z.string() });
/** Somebody who came by Xero and is not here yet. */
export type Newcomer = z.infer<typeof Newcomer>;

/**
 * What a browser carries sealed while its person is at Xero, and between coming back and signing
 * up. Kept nowhere else, so an answer of Xero is of use in that browser alone.
 */
export function createJourneys(deps: { secrets: SecretBox; clock: Clock }) {
  function pouch<Shape extends z.ZodType>(name: string, shape: Shape, lifeMs: number) {
    const Sealed = z.object({ endsAtMs: z.number(), held: shape });
    return {
      put(exchange: Exchange, held: z.input<Shape>): void {
        const endsAtMs = plus(deps.clock.now(), lifeMs).getTime();
        const sealed = deps.secrets.seal(JSON.stringify({ endsAtMs, held }), name);
        exchange.setCookie(name, sealed, { maxAgeSeconds: lifeMs / SECOND_MS });
      },
      /** Null when there is none, it was altered, or its time is over. */
      look(exchange: Exchange): z.output<Shape> | null {
        const sealed = exchange.cookie(name);
        const text = sealed ? openOrNull(deps.secrets, sealed, name) : null;
        if (text === null) return null;
        const { endsAtMs, held } = Sealed.parse(JSON.parse(text)) as {
          endsAtMs: number;
          held: z.output<Shape>;
        };
        return endsAtMs > deps.clock.now().getTime() ? held : null;
      },
      drop: (exchange: Exchange) => exchange.clearCookie(name),
    };
  }
  return {
    journey: pouch('bursar.xero_journey', Journey, JOURNEY_MS),
    newcomer: pouch('bursar.xero_newcomer', Newcomer, SIGN_UP_MS),
  };
}

export type Journeys = ReturnType<typeof createJourneys>;

function openOrNull(secrets: SecretBox, sealed: string, context: string): string | null {
  try {
    return secrets.open(sealed, context);
  } catch (error) {
    if (error instanceof SecretUnreadableError) return null;
    throw error;
  }
}
