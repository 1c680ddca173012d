import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { ErrorCode } from '#contract/errors';
import { AppError, toProblem } from '#platform/app-error';

const PROBLEM_TYPE = 'application/problem+json; charset=utf-8';

/** What Fastify and its plugins say of a request, in our codes; all else of theirs is a bad request. */
const FOREIGN_CODES: Record<string, ErrorCode> = {
  FST_ERR_CTP_BODY_TOO_LARGE: 'request.too-large',
  FST_ERR_HANDLER_TIMEOUT: 'server.busy',
  FST_UNDER_PRESSURE: 'server.busy',
};

/** Everything that goes wrong leaves as a problem document (RFC 9457), whatever raised it. */
export function registerProblemAnswers(app: FastifyInstance): void {
  app.setErrorHandler((error, request, reply) => sendProblem(request, reply, error));
}

/**
 * Answers with what went wrong. A failure of ours names the request's id as its reference, by which
 * it is found in the log; what nobody expected is told there and not to the caller.
 */
export function sendProblem(
  request: FastifyRequest,
  reply: FastifyReply,
  error: unknown,
): FastifyReply {
  const failure = failureOf(error);
  const problem = toProblem(failure);
  if (problem.status >= 500) {
    problem.reference = request.id;
    if (failure.code === 'server.unexpected') request.log.error({ err: error }, 'request failed');
  }
  if (failure.isReportable) request.log.error({ err: error }, 'a failure to look into');
  if (problem.retryAfterSeconds !== undefined) {
    reply.header('retry-after', String(problem.retryAfterSeconds));
  }
  if (problem.status === 401) reply.header('www-authenticate', 'Bearer');
  return reply.code(problem.status).type(PROBLEM_TYPE).send(JSON.stringify(problem));
}

function failureOf(error: unknown): AppError {
  if (error instanceof AppError) return error;
  const { code, statusCode } = (error ?? {}) as { code?: unknown; statusCode?: unknown };
  const known = typeof code === 'string' ? FOREIGN_CODES[code] : undefined;
  if (known === 'server.busy') {
    return new AppError(known, undefined, { extras: { retryAfterSeconds: 5 } });
  }
  if (known) return new AppError(known);
  const isAskersFault = typeof statusCode === 'number' && statusCode >= 400 && statusCode < 500;
  // Only Fastify's own words about a request are shown; any other error may tell too much.
  if (isAskersFault && typeof code === 'string' && code.startsWith('FST_')) {
    return new AppError('request.invalid', (error as Error).message);
  }
  if (isAskersFault) return new AppError('request.invalid');
  return new AppError('server.unexpected', undefined, { cause: error });
}
