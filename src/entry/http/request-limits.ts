import { createHash } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { AppError } from '#platform/app-error';
import type { Clock } from '#platform/clock';
import { type Caller, callerKey, networkOf } from '#providers/index';
import { createRequestCounter, type GiveBack } from './request-counter.ts';

export interface RequestLimits {
  /** Requests a minute of unknown callers from one network address; a /64 of IPv6 is one. */
  perAddress: number;
  /** The same of what other programs call: Xero's deliveries with a right signature are not counted. */
  perAddressOutside: number;
  /** Requests a minute of one person or API key. */
  perCaller: number;
}

export const defaultLimits: RequestLimits = {
  perAddress: 3_000,
  perAddressOutside: 6_000,
  perCaller: 1_200,
};

/** Sessions and keys that are remembered at once; the one that asked longest ago goes first. */
const REMEMBERED_MAX = 10_000;

export type Limiter = ReturnType<typeof createRequestLimits>;

/**
 * Counters of this process against runaway callers; the guesses at passwords have their own,
 * shared by all processes.
 *
 * Whoever is signed in counts by themselves, so that a whole house behind one address never uses
 * up a limit together. Who that is takes a look into the database; so that a flood of bad cookies
 * or keys does not reach it, each counts at its address until it has turned out to be good.
 */
export function createRequestLimits(limits: RequestLimits, clock: Clock) {
  const countAddress = createRequestCounter(limits.perAddress, clock);
  const countOutside = createRequestCounter(limits.perAddressOutside, clock);
  const countCaller = createRequestCounter(limits.perCaller, clock);
  /** Which caller a session or key was last found to be, by a hash of it. */
  const known = new Map<string, string>();
  const takenOutside = new WeakMap<FastifyRequest, GiveBack>();

  function remember(hash: string, key: string) {
    known.delete(hash);
    known.set(hash, key);
    const [oldest] = known.keys();
    if (known.size > REMEMBERED_MAX && oldest !== undefined) known.delete(oldest);
  }

  return {
    /** Counts a request of which it does not matter who asks. */
    async checkAddress(request: FastifyRequest): Promise<void> {
      countAddress(addressOf(request));
    },

    /** Counts a request of another program, unless it turns out to be in the right. */
    async checkOutside(request: FastifyRequest): Promise<void> {
      takenOutside.set(request, countOutside(addressOf(request)));
    },

    /** Takes back what `checkOutside` counted: whoever sent this has proved who they are. */
    pardon(request: FastifyRequest): void {
      takenOutside.get(request)?.();
      takenOutside.delete(request);
    },

    /**
     * Counts a request by whoever brought this session or key when it was last found to be good,
     * else at its address until `find` has told who it is. Above a limit nobody is looked up.
     */
    async count(
      request: FastifyRequest,
      credential: string,
      find: () => Promise<Caller>,
    ): Promise<Caller> {
      const hash = createHash('sha256').update(credential).digest('base64url');
      const before = known.get(hash);
      const giveBack =
        before === undefined ? countAddress(addressOf(request)) : countCaller(before);
      const caller = await find().catch((error: unknown) => {
        if (error instanceof AppError && error.status === 401) known.delete(hash);
        throw error;
      });
      remember(hash, callerKey(caller));
      if (before !== undefined) return caller;
      giveBack();
      countCaller(callerKey(caller));
      return caller;
    },
  };
}

function addressOf(request: FastifyRequest): string {
  return networkOf(request.ip);
}
