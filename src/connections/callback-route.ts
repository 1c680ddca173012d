import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { ConsentOutcome } from '#contract/connections';
import { AppError } from '#platform/app-error';
import type { RawRoutes } from '#platform/http';
import type { Scope } from '#platform/scope';
import type { Caller } from '#providers/index';
import { CALLBACK_PATH } from '#xero/index';
import { type ConsentEnd, completeConsent } from './complete-consent.ts';
import { BINDING_COOKIE } from './connection-routes.ts';
import type { ConnectionsDeps } from './deps.ts';

const PARAMETER_MAX = 4_000;
const parameter = z.string().max(PARAMETER_MAX).optional().catch(undefined);
const CallbackQuery = z.object({ state: parameter, code: parameter, error: parameter });

/**
 * Where Xero sends the browser back. Answers with a redirect to a clean address in every case,
 * never with a page: the code in this address must not reach a page's history or a referrer.
 */
export function callbackRoute(deps: ConnectionsDeps): RawRoutes {
  return (app) => {
    app.get(CALLBACK_PATH, async (request, reply) => {
      const end = await finish(deps, request);
      const path = end.scope ? landingOf(end) : await landingUnknown(deps, request, end.outcome);
      return reply
        .header('cache-control', 'no-store')
        .header('referrer-policy', 'no-referrer')
        .redirect(`${deps.publicUrl}${path}`, 302);
    });
  };
}

async function finish(deps: ConnectionsDeps, request: FastifyRequest): Promise<ConsentEnd> {
  const query = CallbackQuery.parse(request.query);
  try {
    return await completeConsent(deps, {
      state: query.state,
      code: query.code,
      error: query.error,
      binding: request.cookies[BINDING_COOKIE],
      mayFinish: (scope) => mayFinish(deps, request, scope),
    });
  } catch (error) {
    // The browser stands at an address with a code in it and must leave it whatever happened.
    deps.logger.error({ err: error }, 'the way back from Xero failed');
    return { outcome: 'refused-by-xero', connectionId: null, scope: null, isInvited: false };
  }
}

/** Their own session, or none any more: nobody else may finish what a person began here. */
async function mayFinish(
  deps: ConnectionsDeps,
  request: FastifyRequest,
  { providerId, actor }: Scope,
): Promise<boolean> {
  const caller = await signedIn(deps, request, providerId);
  if (caller === 'nobody') return true;
  return caller !== 'stranger' && actor.kind === 'person' && caller.person?.id === actor.personId;
}

async function signedIn(
  deps: ConnectionsDeps,
  request: FastifyRequest,
  provider: string | undefined,
): Promise<Caller | 'nobody' | 'stranger'> {
  const sessionCookie = request.cookies[deps.providers.sessionCookieName];
  try {
    const found = await deps.providers.authenticate({
      authorization: undefined,
      sessionCookie,
      provider,
    });
    return found.caller;
  } catch (error) {
    if (error instanceof AppError && error.code === 'session.missing') return 'nobody';
    if (error instanceof AppError && error.code === 'session.no-provider') return 'stranger';
    throw error;
  }
}

function landingOf({ outcome, connectionId, isInvited }: ConsentEnd): string {
  if (isInvited) return publicLanding(outcome);
  if (outcome === 'choose' && connectionId) {
    return `/settings/connected-apps/${connectionId}/choose`;
  }
  const query = new URLSearchParams({ outcome });
  if (connectionId) query.set('connection', connectionId);
  return `/settings/connected-apps?${query}`;
}

async function landingUnknown(
  deps: ConnectionsDeps,
  request: FastifyRequest,
  outcome: ConsentOutcome,
): Promise<string> {
  const caller = await signedIn(deps, request, undefined).catch(() => 'nobody' as const);
  return caller === 'nobody' || caller === 'stranger'
    ? publicLanding(outcome)
    : `/settings/connected-apps?${new URLSearchParams({ outcome })}`;
}

function publicLanding(outcome: ConsentOutcome): string {
  return `/connect/done?${new URLSearchParams({ outcome })}`;
}
