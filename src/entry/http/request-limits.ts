import rateLimit from '@fastify/rate-limit';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { AppError } from '#platform/app-error';
import { networkOf } from '#providers/index';

export interface RequestLimits {
  /** Requests a minute from one network address, known or not; a /64 of IPv6 counts as one. */
  perAddress: number;
  /** Requests a minute from one address to what other programs call; Xero delivers in bursts. */
  perAddressOutside: number;
  /** Requests a minute of one person or API key. */
  perCaller: number;
}

export const defaultLimits: RequestLimits = {
  perAddress: 3_000,
  perAddressOutside: 6_000,
  perCaller: 1_200,
};

type Check = (request: FastifyRequest) => Promise<void>;

/**
 * Counters of this process against runaway callers; the guesses at passwords have their own,
 * shared by all processes.
 */
export async function createRequestLimits(
  app: FastifyInstance,
  limits: RequestLimits,
  callerKeyOf: (request: FastifyRequest) => string,
): Promise<{ checkAddress: Check; checkOutside: Check; checkCaller: Check }> {
  await app.register(rateLimit, { global: false });
  const counter = (max: number, keyGenerator: (request: FastifyRequest) => string): Check => {
    const count = app.createRateLimit({ max, timeWindow: '1 minute', keyGenerator });
    return async (request) => {
      const result = await count(request);
      if (result.isAllowed || !result.isExceeded) return;
      throw new AppError('request.too-many', undefined, {
        extras: { retryAfterSeconds: Math.max(1, result.ttlInSeconds) },
      });
    };
  };
  return {
    checkAddress: counter(limits.perAddress, (request) => `address:${networkOf(request.ip)}`),
    checkOutside: counter(
      limits.perAddressOutside,
      (request) => `outside:${networkOf(request.ip)}`,
    ),
    checkCaller: counter(limits.perCaller, callerKeyOf),
  };
}
