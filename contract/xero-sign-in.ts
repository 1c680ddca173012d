import { z } from 'zod';
import { NoContent, route } from './route.ts';
import { PASSWORD_LENGTH_MAX } from './sign-in.ts';
import { Name } from './text.ts';

/** How the way through Xero ended, as the page that follows is told in `?xero=`. */
export const XERO_SIGN_IN_OUTCOMES = [
  'cancelled',
  'expired',
  'failed',
  'unknown',
  'email-known',
  'tied',
  'taken',
] as const;
export const XeroSignInOutcome = z.enum(XERO_SIGN_IN_OUTCOMES);
export type XeroSignInOutcome = z.infer<typeof XeroSignInOutcome>;

const tag = 'Signing in';

/**
 * Web only: these work with cookies. The ways to Xero begin at plain addresses, `/sign-in/xero` and
 * `/sign-up/xero`, so that Xero's own pages can link to them.
 */
export const xeroSignInRoutes = {
  readXeroSignUp: route({
    method: 'GET',
    path: '/api/v1/sign-up/xero',
    permission: 'public',
    tag,
    summary: 'What Xero said of the person who is signing up',
    answer: z.object({ name: z.string(), email: z.string() }),
  }),
  finishXeroSignUp: route({
    method: 'POST',
    path: '/api/v1/sign-up/xero',
    permission: 'public',
    tag,
    summary: 'Sign up: makes the provider with this person as its Owner',
    body: z.object({
      name: Name,
      providerName: Name,
      country: z.string().regex(/^[A-Z]{2}$/, 'is a two-letter code'),
    }),
    answer: NoContent,
  }),
  beginXeroTie: route({
    method: 'POST',
    path: '/api/v1/security/xero',
    permission: 'signed-in',
    tag,
    summary:
      'Begin to tie one’s Xero sign-in to one’s account here, with the password of whoever has one',
    body: z.object({ password: z.string().max(PASSWORD_LENGTH_MAX).optional() }),
    answer: z.object({ authorizeUrl: z.string() }),
  }),
  untieXero: route({
    method: 'DELETE',
    path: '/api/v1/security/xero',
    permission: 'signed-in',
    tag,
    summary: 'Untie one’s Xero sign-in',
    answer: NoContent,
  }),
};
