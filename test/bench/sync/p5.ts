import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { SECOND_MS } from '#platform/clock';
import type { Answer } from '../../../emulator/coverage/watch.ts';
import { Dice } from '../../../emulator/seeds/dice.ts';
import { type BusyOrg, type BusyWorld, startBusyWorld } from './busy-world.ts';
import { atMost, exactly, type Figure, type Goal, told } from './goal.ts';
import { callMs, recordsIn } from './latency.ts';
import { type OpenPage, openInvoices } from './open-page.ts';
import { startTraffic } from './traffic.ts';

const HALF_SECONDS = 0.8;
const LATE_SECONDS = 2;
const CALLS_MAX = 8;
/** Changes in all other organisations together. */
const CHANGES_PER_SECOND = 15;
const WARM_UP_MAX_MS = 15 * SECOND_MS;
const PAUSE_MS = { least: 200, more: 2_000 };
/** A change that is not seen by then is counted as this late. */
const PATIENCE_MS = 20 * SECOND_MS;

/**
 * A change in Xero is on an open page within a second or two, while very many others change. The
 * only goal in real time: what it measures is the machine's work beside Xero's.
 */
export const p5: Goal = {
  id: 'P5',
  title: 'Webhook to pixel',
  async run({ orgs, changes }): Promise<Figure[]> {
    const xero = createSlowXero();
    const world = await startBusyWorld(orgs, { onXeroAnswer: xero.hear });
    const page = await openInvoices(world, world.orgs[0]);
    const [measured, ...others] = world.orgs;
    const dice = new Dice(5);
    xero.isSlow = true;
    const traffic = startTraffic(others, CHANGES_PER_SECOND, dice);
    try {
      await sleep(Math.min(WARM_UP_MAX_MS, orgs * SECOND_MS));
      const { log } = world.emulator.control;
      log.clear();
      const begun = { at: now(), changes: traffic.changes };
      const stages = await measureAll({ world, org: measured, page, dice, changes, xero });
      const seconds = (now() - begun.at) / SECOND_MS;
      const counters = Object.values(log.allCounters());
      const calls = sumOf(counters.map((one) => one.calls));
      const refusedByLimits = sumOf(counters.map((one) => one.refusedByLimits));
      return [
        ...figuresOf(stages),
        exactly('answers 429', refusedByLimits, 0),
        told('organisations', orgs),
        told('changes elsewhere a second', (traffic.changes - begun.changes) / seconds),
        told('calls a second', calls / seconds),
      ];
    } finally {
      traffic.stop();
      await page.close();
      await world.close();
    }
  },
};

/** How long after the change in Xero each stage was reached, in milliseconds. */
interface Stages {
  /** Bursar's call for the paper reached Xero. */
  asked: number;
  committed: number;
  painted: number;
}

function figuresOf(stages: readonly Stages[]): Figure[] {
  const unit = 's';
  const at = (share: number, stage: keyof Stages) =>
    percentile(
      stages.map((one) => one[stage]),
      share,
    ) / SECOND_MS;
  const call = callMs(1) / SECOND_MS;
  return [
    atMost('change to pixel, p50', at(0.5, 'painted'), HALF_SECONDS, { unit }),
    atMost('change to pixel, p99', at(0.99, 'painted'), LATE_SECONDS, { unit }),
    atMost('p99 ÷ a call', at(0.99, 'painted') / call, CALLS_MAX),
    told('change to row committed, p50', at(0.5, 'committed'), { unit }),
    told('change to row committed, p99', at(0.99, 'committed'), { unit }),
    told('change to call, p50', at(0.5, 'asked'), { unit }),
    told('change to call, p99', at(0.99, 'asked'), { unit }),
    told('changes', stages.length),
  ];
}

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}

/** The value that this share of all does not exceed. */
function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.ceil(sorted.length * share) - 1] ?? Number.NaN;
}

interface Measuring {
  world: BusyWorld;
  org: BusyOrg;
  page: OpenPage;
  dice: Dice;
  changes: number;
  xero: SlowXero;
}

async function measureAll(given: Measuring): Promise<Stages[]> {
  const { world, org, page, dice, changes, xero } = given;
  const listener = new pg.Client({ connectionString: world.context.config.databaseUrl });
  await listener.connect();
  await listener.query('listen bursar_live');
  const stages: Stages[] = [];
  const desk = createDesk(org);
  try {
    for (let index = 1; index <= changes; index += 1) {
      await sleep(PAUSE_MS.least + dice.below(PAUSE_MS.more));
      const change = desk.next(index);
      const { painted } = await page.expect(change.shows);
      const committed = nextCommit(listener, org);
      const begun = now();
      const paperId = change.act();
      const asked = xero.askedFor(paperId);
      const [askedAt, committedAt, paintedAt] = await Promise.all(
        [asked, committed, painted].map(inTime),
      );
      stages.push({
        asked: (askedAt ?? 0) - begun,
        committed: (committedAt ?? 0) - begun,
        painted: (paintedAt ?? 0) - begun,
      });
    }
  } finally {
    await listener.end();
  }
  return stages;
}

function inTime(moment: Promise<number>): Promise<number> {
  return Promise.race([moment, sleep(PATIENCE_MS, undefined, { ref: false }).then(now)]);
}

/** When papers of this provider are next written, as PostgreSQL tells once that is committed. */
function nextCommit(listener: pg.Client, { providerId }: BusyOrg): Promise<number> {
  return new Promise((resolve) => {
    const hear = ({ payload }: pg.Notification) => {
      const said = JSON.parse(payload ?? '{}') as {
        providerId?: string;
        message?: { topic?: string };
      };
      if (said.providerId !== providerId || said.message?.topic !== 'documents') return;
      listener.off('notification', hear);
      resolve(now());
    };
    listener.on('notification', hear);
  });
}

interface Change {
  /** What stands on the page once it is there. */
  shows: string;
  /** Gives the id of the paper. */
  act(): string;
}

/** The bookkeeper raises an invoice, gives it another number, and takes a payment; then anew. */
function createDesk({ bookkeeper, contactId }: BusyOrg): { next(index: number): Change } {
  let paperId = '';
  const raise = (index: number): Change => ({
    shows: `P5-${index}.`,
    act() {
      const lines = [{ description: 'Fee', unitAmount: 5_000 }];
      const number = `P5-${index}.`;
      paperId = bookkeeper.createInvoice({ contactId, number, lines }).id;
      return paperId;
    },
  });
  const renumber = (index: number): Change => ({
    shows: `P5-${index}.`,
    act: () => bookkeeper.editInvoice(paperId, { InvoiceNumber: `P5-${index}.` }).id,
  });
  const pay = (index: number): Change => ({
    shows: `${index}.37`,
    act() {
      bookkeeper.pay(paperId, `${index}.37`);
      return paperId;
    },
  });
  const kinds = [raise, renumber, pay];
  return { next: (index) => (kinds[(index - 1) % kinds.length] ?? raise)(index) };
}

interface SlowXero {
  isSlow: boolean;
  hear(answer: Answer): Promise<void> | undefined;
  /** When a call for this paper is next answered from the books, before Xero's own slowness. */
  askedFor(paperId: string): Promise<number>;
}

/** Xero whose answers take as long as everywhere in these benchmarks, in real time. */
function createSlowXero(): SlowXero {
  const waiting = new Map<string, (at: number) => void>();
  const xero: SlowXero = {
    isSlow: false,
    hear(answer) {
      for (const [paperId, resolve] of waiting) {
        if (!answer.path.includes(paperId)) continue;
        waiting.delete(paperId);
        resolve(now());
      }
      return xero.isSlow ? sleep(callMs(recordsIn(answer))) : undefined;
    },
    askedFor: (paperId) => new Promise((resolve) => waiting.set(paperId, resolve)),
  };
  return xero;
}

/** Milliseconds since 1970, finer than a millisecond. */
function now(): number {
  return performance.timeOrigin + performance.now();
}
