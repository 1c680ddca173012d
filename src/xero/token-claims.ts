import { z } from 'zod';

const AccessClaims = z.looseObject({
  xero_userid: z.string().min(1),
  authentication_event_id: z.string().nullish(),
});

const IdClaims = z.looseObject({
  xero_userid: z.string().nullish(),
  name: z.string().nullish(),
  given_name: z.string().nullish(),
  family_name: z.string().nullish(),
});

/** Who gave a consent, and which consent it was. */
export interface TokenClaims {
  xeroUserId: string;
  /** Tells the organisations of this consent from earlier ones; null where Xero did not say. */
  authEventId: string | null;
  holderName: string | null;
}

/**
 * Reads the claims of a token set. Signatures are not checked: the tokens came straight from the
 * token address over its own connection, which OpenID Connect lets stand for the signature.
 *
 * @throws Error when the tokens name no Xero user.
 */
export function readClaims(accessToken: string, idToken: string | null): TokenClaims {
  const access = AccessClaims.safeParse(payloadOf(accessToken));
  const id = IdClaims.safeParse(idToken === null ? {} : payloadOf(idToken));
  const xeroUserId = access.data?.xero_userid ?? id.data?.xero_userid;
  if (!xeroUserId) throw new Error('The tokens of Xero name no user');
  const spelled = [id.data?.given_name, id.data?.family_name].filter(Boolean).join(' ');
  return {
    xeroUserId,
    authEventId: access.data?.authentication_event_id ?? null,
    holderName: (id.data?.name ?? spelled) || null,
  };
}

function payloadOf(jwt: string): unknown {
  try {
    return JSON.parse(Buffer.from(jwt.split('.')[1] ?? '', 'base64url').toString('utf8'));
  } catch {
    return null;
  }
}
