import cookie from '@fastify/cookie';
import underPressure from '@fastify/under-pressure';
import Fastify, { type FastifyInstance, LogController } from 'fastify';
import { SECOND_MS, systemClock } from '#platform/clock';
import { newId } from '#platform/ids';
import type { LiveUpdates } from '#platform/live-updates';
import type { Context } from './context.ts';
import { registerApi } from './http/api-routes.ts';
import { registerClosing } from './http/closing.ts';
import { nameInBrowser, registerCookieNames } from './http/cookie-names.ts';
import { registerDocs } from './http/docs-routes.ts';
import { rawTools } from './http/exchange.ts';
import { createGuard, createSecondLook } from './http/guard.ts';
import { registerHealth } from './http/health-routes.ts';
import { HEARTBEAT_MS, registerLive } from './http/live-routes.ts';
import { countRequests, registerMetrics } from './http/metrics-routes.ts';
import { registerPages } from './http/page-routes.ts';
import { registerProblemAnswers, sendProblem } from './http/problem-answers.ts';
import { warnOfUnknownProxy } from './http/proxy-warning.ts';
import { createRequestLimits, defaultLimits, type RequestLimits } from './http/request-limits.ts';
import { registerRequestLog } from './http/request-log.ts';
import { registerSecurityHeaders } from './http/security-headers.ts';

const BODY_BYTES_MAX = 1024 * 1024;
/** A request must have arrived whole by then, and be answered by then. */
const RECEIVE_MS = 60 * SECOND_MS;
const ANSWER_MS = 60 * SECOND_MS;
const KEEP_ALIVE_MS = 72 * SECOND_MS;
/** A process whose timers come this late is asked for nothing more until it has caught up. */
const LATENESS_MS = 5 * SECOND_MS;

export interface HttpAppOptions {
  live: LiveUpdates;
  /** The built web app's folder; null serves the API alone. */
  webRoot: string | null;
  limits?: RequestLimits;
  /** Between two signs of life on a live stream. */
  heartbeatMs?: number;
  /** Hears of each route as it is registered. */
  onRoute?: (method: string, path: string) => void;
}

/** Builds the server of one web process: API, live updates, health and pages; not yet listening. */
export async function buildHttpApp(
  context: Context,
  options: HttpAppOptions,
): Promise<FastifyInstance> {
  const { config, providers } = context;
  const isSecure = config.publicUrl.startsWith('https:');
  const app = Fastify({
    loggerInstance: context.logger,
    genReqId: () => newId(),
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: BODY_BYTES_MAX,
    requestTimeout: RECEIVE_MS,
    handlerTimeout: ANSWER_MS,
    keepAliveTimeout: KEEP_ALIVE_MS,
    forceCloseConnections: false,
    return503OnClosing: true,
    trustProxy: config.trustedProxies,
    // What fails before a route is found, such as an address that can't be decoded.
    frameworkErrors: (error, request, reply) => void sendProblem(request, reply, error),
  }) as unknown as FastifyInstance;

  registerClosing(app);
  app.decorateRequest('caller', null);
  app.decorateRequest('passedEarly', null);
  app.addHook('onRoute', ({ method, url }) => {
    for (const one of [method].flat()) options.onRoute?.(one, url);
  });
  registerRequestLog(app);
  warnOfUnknownProxy(app, context);
  countRequests(app, context.metrics);
  registerProblemAnswers(app);
  await registerSecurityHeaders(app, isSecure);
  await app.register(cookie);
  registerCookieNames(app, isSecure);
  await app.register(underPressure, { maxEventLoopDelay: LATENESS_MS, retryAfter: 5 });
  // What is counted is the load of this process: by real time, whatever clock it works by.
  const limiter = createRequestLimits(options.limits ?? defaultLimits, systemClock);
  const { noteRefusal } = context.audit;
  const guardDeps = { providers, publicUrl: config.publicUrl, noteRefusal, limiter };
  const guard = createGuard(guardDeps);
  app.addHook('preHandler', createSecondLook(guardDeps));

  registerApi(app, context.endpoints, { guard, isSecure });
  const { live, heartbeatMs = HEARTBEAT_MS } = options;
  registerLive(app, { ...guardDeps, live, heartbeatMs });
  registerDocs(app, {
    publicUrl: config.publicUrl,
    sessionCookie: nameInBrowser(providers.sessionCookieName, isSecure),
  });
  registerHealth(app, context, limiter.checkAddress);
  registerMetrics(app, context, limiter.checkAddress);
  for (const addRoutes of context.rawRoutes) {
    await app.register(async (scope) => {
      scope.addHook('onRequest', limiter.checkOutside);
      addRoutes(scope, rawTools(isSecure, guard, limiter));
    });
  }
  await registerPages(app, options.webRoot);
  return app;
}
