import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DAY_MS, HOUR_MS, MINUTE_MS, plus, SECOND_MS } from '#platform/clock';
import { silentLogger } from '#platform/logger';
import { type Budget, type CallLease, createBudget, LIMITS } from './budget.ts';
import { answerOf, type Ground, layGround, ORG } from './xero.fixture.ts';
import { XeroBusyError } from './xero-errors.ts';

let ground: Ground;
let budget: Budget;
let other: Budget;

beforeEach(async () => {
  ground = await layGround();
  const { clock } = ground;
  budget = createBudget({ database: ground.database, clock, logger: silentLogger });
  other = createBudget({ database: ground.other, clock, logger: silentLogger });
});

afterEach(() => ground.close());

async function busyOf(claim: Promise<CallLease>): Promise<XeroBusyError> {
  const error = await claim.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (error instanceof XeroBusyError) return error;
  throw new Error('The claim was granted');
}

async function callOnce(
  from: Budget = budget,
  headers: Record<string, string> = {},
): Promise<void> {
  const lease = await from.claim(ORG, 'person');
  await from.settle(lease, answerOf(200, {}, headers), null);
}

describe('the minute', () => {
  it('never holds more than 60 calls, whichever of four clients on two nodes asks', async () => {
    const granted: number[] = [];
    let isOver = false;
    async function client(from: Budget): Promise<void> {
      while (!isOver) {
        const lease = await from.claim(ORG, 'person').catch((error: unknown) => {
          if (!(error instanceof XeroBusyError)) throw error;
          return null;
        });
        if (lease) {
          granted.push(lease.claimedAt.getTime());
          await from.settle(lease, answerOf(200, {}), null);
        } else {
          ground.clock.advance(700);
        }
        isOver = granted.length >= 200;
      }
    }
    await Promise.all([client(budget), client(budget), client(other), client(other)]);
    const sorted = granted.toSorted((a, b) => a - b);
    const most = Math.max(
      ...sorted.map((start) => sorted.filter((at) => at >= start && at < start + MINUTE_MS).length),
    );
    expect(most).toBeLessThanOrEqual(LIMITS.callsPerMinute);
    expect(most).toBeGreaterThan(LIMITS.callsPerMinute / 2);
  });

  it('is counted whole by whoever read the clock early and got its turn late', async () => {
    const start = ground.clock.now();
    const late = plus(start, LIMITS.minuteMs - SECOND_MS);
    const waited = createBudget({
      database: ground.other,
      clock: { now: () => late },
      logger: silentLogger,
    });
    for (let count = 0; count < LIMITS.callsPerMinute; count += 1) await callOnce();
    ground.clock.set(plus(start, LIMITS.minuteMs));
    await callOnce();
    expect((await busyOf(waited.claim(ORG, 'person'))).kind).toBe('local');
  });

  it('keeps a part for people who wait', async () => {
    for (let count = 0; count < 50; count += 1) {
      const lease = await budget.claim(ORG, 'background');
      await budget.settle(lease, answerOf(200, {}), null);
    }
    const busy = await busyOf(budget.claim(ORG, 'background'));
    expect(busy).toMatchObject({ kind: 'local', urgency: 'background' });
    for (let count = 0; count < 10; count += 1) await callOnce();
    expect(await busyOf(budget.claim(ORG, 'person'))).toMatchObject({ urgency: 'person' });
  });

  it('goes by what Xero says is left, since others may call too', async () => {
    await callOnce(budget, { 'x-minlimit-remaining': '1' });
    ground.clock.advance(1);
    await callOnce(budget);
    const busy = await busyOf(budget.claim(ORG, 'person'));
    expect(busy.kind).toBe('minute');
    ground.clock.set(busy.retryAt);
    await expect(callOnce()).resolves.toBeUndefined();
  });

  it('pauses exactly as long as a 429 says, on all nodes, for this organisation alone', async () => {
    const lease = await budget.claim(ORG, 'person');
    const until = plus(ground.clock.now(), 26 * SECOND_MS);
    const headers = { 'x-minlimit-remaining': '0' };
    await budget.settle(lease, answerOf(429, '', headers), new XeroBusyError('minute', until));
    expect(await busyOf(other.claim(ORG, 'person'))).toMatchObject({
      kind: 'minute',
      retryAt: until,
    });
    const neighbour = 'b1b2c3d4-1b2c-4d3e-8f4a-5b6c7d8e9f02' as typeof ORG;
    await expect(other.claim(neighbour, 'person')).resolves.toBeDefined();
    ground.clock.advance(26 * SECOND_MS);
    await expect(callOnce(other)).resolves.toBeUndefined();
  });
});

describe('calls under way', () => {
  it('are never more than five, and their places come back', async () => {
    const claims = await Promise.allSettled(
      Array.from({ length: 12 }, (_, index) => (index % 2 ? budget : other).claim(ORG, 'person')),
    );
    const leases = claims.flatMap((claim) => (claim.status === 'fulfilled' ? [claim.value] : []));
    expect(leases).toHaveLength(LIMITS.inFlight);
    const [first] = leases;
    if (!first) throw new Error('No claim was granted');
    await budget.settle(first, null, null);
    await expect(budget.claim(ORG, 'person')).resolves.toBeDefined();
    expect((await busyOf(budget.claim(ORG, 'person'))).kind).toBe('concurrent');
  });

  it('keep their places for the whole call, however long the database let them wait', async () => {
    await callOnce();
    const held = Promise.withResolvers<void>();
    const isHeld = Promise.withResolvers<void>();
    const holding = ground.other.asSystem(async (tx) => {
      await tx.selectFrom('xero_budgets').selectAll().forUpdate().execute();
      isHeld.resolve();
      await held.promise;
    });
    await isHeld.promise;
    const waiting = budget.claim(ORG, 'person');
    ground.clock.advance(LIMITS.leaseMs - SECOND_MS);
    held.resolve();
    await holding;
    expect((await waiting).claimedAt).toEqual(ground.clock.now());
  });

  it('give their places back by themselves when their process died', async () => {
    for (let count = 0; count < LIMITS.inFlight; count += 1) await budget.claim(ORG, 'person');
    ground.clock.advance(LIMITS.leaseMs);
    await expect(other.claim(ORG, 'person')).resolves.toBeDefined();
  });
});

describe('the day', () => {
  it('keeps the last calls for people and asks now and then whether a new day began', async () => {
    await callOnce(budget, { 'x-daylimit-remaining': String(LIMITS.callsPerDayForPeople + 1) });
    ground.clock.advance(1);
    const lease = await budget.claim(ORG, 'background');
    await budget.settle(lease, null, null);
    const busy = await busyOf(budget.claim(ORG, 'background'));
    expect(busy.kind).toBe('day');
    await expect(callOnce()).resolves.toBeUndefined();
    ground.clock.advance(LIMITS.dayProbeMs);
    await expect(budget.claim(ORG, 'background')).resolves.toBeDefined();
  });

  it('waits until the hour that a 429 of the day names', async () => {
    const lease = await budget.claim(ORG, 'person');
    const until = plus(ground.clock.now(), 9 * HOUR_MS);
    await budget.settle(lease, answerOf(429, ''), new XeroBusyError('day', until));
    ground.clock.advance(8 * HOUR_MS);
    expect(await busyOf(budget.claim(ORG, 'person'))).toMatchObject({
      kind: 'day',
      retryAt: until,
    });
  });

  it('is counted with its bytes, and begins anew at midnight UTC', async () => {
    await callOnce(budget, { 'x-daylimit-remaining': '4999' });
    await callOnce(other);
    expect((await budget.usageOf([ORG])).get(ORG)).toMatchObject({
      callsToday: 2,
      callsPerDay: 5000,
      bytesToday: 4,
      lastCallAt: ground.clock.now(),
    });
    ground.clock.advance(DAY_MS);
    expect((await budget.usageOf([ORG])).get(ORG)).toMatchObject({ callsToday: 0, bytesToday: 0 });
  });

  it('is taken to be a starter app’s until Xero says that more is left', async () => {
    const perDay = async () => (await budget.usageOf([ORG])).get(ORG)?.callsPerDay;
    await callOnce(budget, { 'x-daylimit-remaining': '700' });
    expect(await perDay()).toBe(1000);
    ground.clock.advance(1);
    await callOnce(budget, { 'x-daylimit-remaining': '4700' });
    expect(await perDay()).toBe(5000);
    ground.clock.advance(1);
    await callOnce(budget, { 'x-daylimit-remaining': '600' });
    expect(await perDay()).toBe(5000);
    ground.clock.advance(DAY_MS);
    await callOnce(budget, { 'x-daylimit-remaining': '999' });
    expect(await perDay()).toBe(1000);
  });
});

it('holds back every organisation when the app’s own limit is reached', async () => {
  const lease = await budget.claim(ORG, 'person');
  const until = plus(ground.clock.now(), 9 * SECOND_MS);
  await budget.settle(lease, answerOf(429, ''), new XeroBusyError('app', until));
  const neighbour = 'b1b2c3d4-1b2c-4d3e-8f4a-5b6c7d8e9f02' as typeof ORG;
  expect(await busyOf(budget.claim(neighbour, 'person'))).toMatchObject({
    kind: 'app',
    retryAt: until,
  });
  ground.clock.advance(9 * SECOND_MS);
  await expect(budget.claim(neighbour, 'person')).resolves.toBeDefined();
});
