import { z } from 'zod';
import { xeroSignInRoutes } from '#contract/xero-sign-in';
import { type Endpoint, endpoint, publicEndpoint, type RawRoutes } from '#platform/http';
import {
  beginXeroTie,
  departForXero,
  returnFromXero,
  untieXero,
  type XeroSignInDeps,
} from './xero-sign-in.ts';
import { finishSignUp, readSignUp } from './xero-sign-up.ts';

const PARAMETER_MAX = 4_000;
const parameter = z.string().max(PARAMETER_MAX).optional().catch(undefined);
const ReturnQuery = z.object({ state: parameter, code: parameter, error: parameter });
/** Only a path of ours: never another site's address, however it is written. */
const DepartQuery = z.object({
  next: z
    .string()
    .max(500)
    .regex(/^\/(?![/\\])[\x21-\x5b\x5d-\x7e]*$/)
    .catch('/'),
});

/** Signing up after Xero has said who somebody is, and tying Xero to an account that is there. */
export function xeroSignInEndpoints(deps: XeroSignInDeps): Endpoint[] {
  return [
    publicEndpoint(xeroSignInRoutes.readXeroSignUp, async ({ exchange }) =>
      readSignUp(deps, exchange),
    ),
    publicEndpoint(xeroSignInRoutes.finishXeroSignUp, async ({ exchange, body }) => {
      await finishSignUp(deps, exchange, body);
      return null;
    }),
    endpoint(xeroSignInRoutes.beginXeroTie, async (call) => ({
      authorizeUrl: await beginXeroTie(deps, call, call.body.password),
    })),
    endpoint(xeroSignInRoutes.untieXero, async (call) => {
      await untieXero(deps, call);
      return null;
    }),
  ];
}

/**
 * The addresses that browsers open on their way to Xero and back. Each answers with a redirect,
 * never with a page: the code in the last one must not reach a page's history or a referrer.
 */
export function xeroSignInRawRoutes(deps: XeroSignInDeps): RawRoutes {
  const { xero, publicUrl } = deps;
  return (app, { exchangeOf, redirect }) => {
    app.get('/sign-in/xero', async (request, reply) => {
      if (!xero.isConfigured) return redirect(reply, `${publicUrl}/sign-in`);
      const { next } = DepartQuery.parse(request.query);
      const wish = { purpose: 'sign-in', next, personId: null } as const;
      return redirect(reply, departForXero(deps, exchangeOf(request, reply), wish));
    });

    app.get('/sign-up/xero', async (request, reply) => {
      if (!xero.isConfigured || !deps.isSignUpOpen) return redirect(reply, `${publicUrl}/sign-in`);
      const wish = { purpose: 'sign-up', next: '/', personId: null } as const;
      return redirect(reply, departForXero(deps, exchangeOf(request, reply), wish));
    });

    app.get('/sign-in/xero/callback', async (request, reply) => {
      const given = ReturnQuery.parse(request.query);
      const path = await returnFromXero(deps, exchangeOf(request, reply), given);
      return redirect(reply, `${publicUrl}${path}`);
    });
  };
}
