import type { FakeClock } from '#platform/clock';
import { MINUTE_MS } from '#platform/clock';
import type { Emulator } from '../../emulator/server.ts';
import {
  AnswerLostError,
  DEADLINE_MS,
  NothingSentError,
  type Send,
  type WireAnswer,
} from '../../src/xero/request.ts';
import { FAULT_KIND } from './faults.ts';
import { createLag, type Lag } from './lag.ts';
import type { Scheduler } from './scheduler.ts';
import { MADE_UP, type Watch } from './watch.ts';

/** What may go wrong between a node and Xero. What Xero itself answers is the emulator's. */
export const LINE_FAULTS = [
  'not-connected',
  'reset-before',
  'reset-after',
  'truncated',
  'hung-before',
  'hung-after',
  'slow',
  'element-errors',
  'key-forgotten',
  'stale',
] as const;
export type LineFault = (typeof LINE_FAULTS)[number];

export interface Line {
  /** The faults that the next calls meet, by what their address contains. */
  readonly armed: { fault: LineFault; path: string; times: number }[];
  /** Organisations whose limits somebody else uses too, so that Xero may refuse by itself. */
  readonly shared: Set<string>;
  /** What answers a call that is `stale`. */
  readonly lag: Lag;
  sendFrom(node: string): Send;
  /** Every call that reached Xero: when, for which organisation. */
  readonly arrivals: { at: number; org: string; node: string }[];
}

/** Xero's limits, looked at from outside: what no interleaving may break. */
const PER_MINUTE = 60;
const IN_FLIGHT = 5;

export function createLine(deps: {
  emulator: Emulator;
  clock: FakeClock;
  scheduler: Scheduler;
  note(line: string): void;
  /** A call meets a fault of this kind. */
  met(kind: string): void;
  broken(invariant: string, what: string): void;
  watch: Pick<Watch, 'onBegin' | 'onAnswer' | 'onHeard' | 'onSend'>;
}): Line {
  const { emulator, clock, scheduler, note, met, broken, watch } = deps;
  const armed: Line['armed'] = [];
  const arrivals: Line['arrivals'] = [];
  const shared: Line['shared'] = new Set();
  const lag = createLag(emulator, clock);
  const underWay = new Map<string, number>();

  function draw(url: string): LineFault | null {
    const found = armed.find(({ path, times }) => times > 0 && url.includes(path));
    if (!found) return null;
    found.times -= 1;
    return found.fault;
  }

  function watchLimits(node: string, org: string): void {
    const at = clock.now().getTime();
    arrivals.push({ at, org, node });
    const lately = arrivals.filter((one) => one.org === org && one.at > at - MINUTE_MS).length;
    if (lately > PER_MINUTE) broken('I6', `${lately} calls within a minute for ${org}`);
    const flying = (underWay.get(org) ?? 0) + 1;
    underWay.set(org, flying);
    watch.onSend(org, flying);
    if (flying > IN_FLIGHT) broken('I6', `${flying} calls at once for ${org}`);
  }

  async function ask(node: string, request: Parameters<Send>[0]): Promise<WireAnswer> {
    const org = request.headers['xero-tenant-id'];
    if (org) watchLimits(node, org);
    try {
      const { pathname, search } = new URL(request.url);
      const answer = await scheduler.really(() =>
        emulator.ask({
          method: request.method,
          url: `${pathname}${search}`,
          headers: { ...request.headers },
          ...(request.body === undefined ? {} : { payload: request.body }),
        }),
      );
      note(`${node} ${request.method} ${pathname}${search} → ${answer.statusCode}`);
      const kind = answer.headers[FAULT_KIND];
      if (kind !== undefined) met(String(kind));
      const isShared = org !== undefined && shared.has(org);
      watch.onAnswer(org, answer.statusCode, {
        ...answer.headers,
        ...(isShared ? { [MADE_UP]: 'yes' } : {}),
      });
      const headers = new Headers();
      for (const [name, value] of Object.entries(answer.headers)) headers.set(name, String(value));
      return { status: answer.statusCode, headers, text: answer.body, bytes: answer.body.length };
    } finally {
      if (org) underWay.set(org, (underWay.get(org) ?? 1) - 1);
    }
  }

  function lost(what: string): never {
    throw new AnswerLostError(`No whole answer (${what})`);
  }

  /** @param isLate whether time has leapt so far meanwhile that the caller gave up long ago */
  async function carry(
    node: string,
    request: Parameters<Send>[0],
    isLate: () => boolean,
  ): Promise<WireAnswer> {
    if (isLate()) return lost('deadline');
    const fault = draw(request.url);
    if (fault) {
      met(fault);
      note(`${node} ${request.method} meets ${fault}`);
    }
    switch (fault) {
      case 'not-connected':
        throw new NothingSentError('No connection');
      case 'reset-before':
        return lost(fault);
      case 'hung-before':
        await scheduler.sleep(node, DEADLINE_MS);
        return lost('deadline');
      case 'slow':
        await scheduler.sleep(node, 8_000);
        return isLate() ? lost('deadline') : ask(node, request);
      case 'reset-after':
      case 'truncated':
        await ask(node, request);
        return lost(fault);
      case 'hung-after':
        await ask(node, request);
        await scheduler.sleep(node, DEADLINE_MS);
        return lost('deadline');
      case 'element-errors':
        return refusedRowByRow(request) ?? ask(node, request);
      case 'key-forgotten':
        return ask(node, withoutKey(request));
      case 'stale':
        return lag.ask(request, () => ask(node, request));
      default:
        return ask(node, request);
    }
  }

  return {
    armed,
    arrivals,
    shared,
    lag,
    sendFrom: (node) => async (request) => {
      const begun = clock.now().getTime();
      const isLate = () => clock.now().getTime() - begun > DEADLINE_MS;
      const over = watch.onBegin(node, request);
      await scheduler.pass(node);
      try {
        const answer = await carry(node, request, isLate);
        watch.onHeard(node, request, answer);
        return answer;
      } finally {
        // Whatever Xero has done, its answer may find that the node is gone.
        await scheduler.pass(node);
        over();
      }
    },
  };
}

/** What Xero says of a contact that it refuses to make. */
const NO_ID = '00000000-0000-0000-0000-000000000000';

/** Xero takes the request and refuses each row of it, for a reason of its own. */
export function refusedRowByRow({ method, body }: Parameters<Send>[0]): WireAnswer | null {
  if (method === 'GET' || !body?.startsWith('{"Contacts"')) return null;
  const { Contacts } = JSON.parse(body) as { Contacts: object[] };
  const ValidationErrors = [{ Message: 'The contact could not be saved.' }];
  const refusal = { HasValidationErrors: true, ValidationErrors };
  const rows = Contacts.map((row) => ({ ContactID: NO_ID, ...row, ...refusal }));
  const text = JSON.stringify({ Contacts: rows });
  const headers = new Headers({ 'content-type': 'application/json' });
  return { status: 200, headers, text, bytes: text.length };
}

/** Xero keeps keys for minutes only: a repeated request is carried out again. */
export function withoutKey(request: Parameters<Send>[0]): Parameters<Send>[0] {
  const { 'idempotency-key': _key, ...headers } = request.headers;
  return { ...request, headers };
}
