import type { FakeClock } from '#platform/clock';
import { SECOND_MS } from '#platform/clock';
import type { Send } from '#xero/index';
import type { Emulator } from '../../emulator/server.ts';
import {
  AnswerLostError,
  DEADLINE_MS,
  NothingSentError,
  sendByFetch,
  type WireAnswer,
  type WireRequest,
} from '../../src/xero/request.ts';
import { createLag, type Lag } from './lag.ts';
import { type LineFault, refusedRowByRow, withoutKey } from './line.ts';
import type { Broken } from './watch.ts';
import { watchGrants } from './watch-holds.ts';

/** Whose requests they are, and what becomes of a request of somebody who died. */
export interface Caller {
  readonly name: string;
  readonly isDead: boolean;
  /** Something is about to happen, or has: here a process may die. */
  pass(): void;
}

/** The real network to the emulator, with what may go wrong on the way. */
export interface StormLine {
  readonly armed: { fault: LineFault; path: string; times: number }[];
  readonly lag: Lag;
  sendFrom(caller: Caller): Send;
}

const SLOW_MS = 8 * SECOND_MS;
const nobodyHears = () => new Promise<never>(() => undefined);

/** The emulator and the clock are there only once the world is, hence asked for at each call. */
export function createStormLine(deps: {
  emulator: () => Emulator;
  clock: () => FakeClock;
  isDead: (name: string) => boolean;
  /** How many places for calls of this organisation are taken now; null before anybody counts. */
  placesOf: (org: string) => Promise<number | null>;
  broken: Broken;
}): StormLine {
  const { broken } = deps;
  const armed: StormLine['armed'] = [];
  const grants = watchGrants(deps.isDead, broken);
  let lag: Lag | null = null;
  let underWay = 0;
  /** Ends when the answer from a copy is there: who asks meanwhile would hear the copy too. */
  let copyShown: Promise<unknown> = Promise.resolve();

  const theLag = () => {
    lag ??= createLag(deps.emulator(), deps.clock());
    return lag;
  };

  function draw(url: string): LineFault | null {
    const found = armed.find(({ path, times }) => times > 0 && url.includes(path));
    if (!found) return null;
    found.times -= 1;
    return found.fault;
  }

  /** Time is everybody's: it passes only where nobody else is at a call, whose time it would be too. */
  function letPass(milliseconds: number): void {
    if (underWay === 1) deps.clock().advance(milliseconds);
  }

  function hang(): never {
    letPass(DEADLINE_MS);
    throw new AnswerLostError('No whole answer (deadline)', { isTooMuch: true });
  }

  async function ask(request: WireRequest): Promise<WireAnswer> {
    await copyShown;
    const answer = await sendByFetch(request);
    const isRenewal = request.body?.includes('grant_type=refresh_token') ?? false;
    if (isRenewal && answer.status === 400)
      broken('I7', `a grant is lost: its token is refused with ${answer.text}`);
    return answer;
  }

  async function askCopy(request: WireRequest): Promise<WireAnswer> {
    if (underWay > 1) return ask(request);
    const answer = theLag().ask(request, () => sendByFetch(request));
    copyShown = answer.catch(() => undefined);
    return answer;
  }

  /** I6: a place is taken before, or nobody counts the call. */
  async function requirePlace(org: string): Promise<void> {
    if ((await deps.placesOf(org)) === 0) broken('I6', `a call for ${org} without a place`);
  }

  async function carry(request: WireRequest): Promise<WireAnswer> {
    switch (draw(request.url)) {
      case 'not-connected':
        throw new NothingSentError('No connection');
      case 'reset-before':
        throw new AnswerLostError('No whole answer (reset)');
      case 'hung-before':
        return hang();
      case 'slow': {
        const answer = await ask(request);
        letPass(SLOW_MS);
        return answer;
      }
      case 'reset-after':
      case 'truncated':
        await ask(request);
        throw new AnswerLostError('No whole answer (reset)');
      case 'hung-after':
        await ask(request);
        return hang();
      case 'element-errors':
        return refusedRowByRow(request) ?? ask(request);
      case 'key-forgotten':
        return ask(withoutKey(request));
      case 'stale':
        return askCopy(request);
      default:
        return ask(request);
    }
  }

  return {
    armed,
    lag: { begin: () => theLag().begin(), ask: (request, ask) => theLag().ask(request, ask) },
    sendFrom: (caller) => async (request) => {
      caller.pass();
      if (caller.isDead) return nobodyHears();
      const over = grants.onBegin(caller.name, request);
      const org = request.headers['xero-tenant-id'];
      underWay += 1;
      try {
        if (org) await requirePlace(org);
        return await carry(request);
      } finally {
        underWay -= 1;
        // Whatever Xero has done, its answer may find that the process is gone.
        caller.pass();
        over();
        if (caller.isDead) await nobodyHears();
      }
    },
  };
}
