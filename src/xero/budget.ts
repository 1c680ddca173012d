import { sql } from 'kysely';
import type { XeroOrgId } from '#contract/ids';
import { type Clock, MINUTE_MS, plus, SECOND_MS } from '#platform/clock';
import type { Database } from '#platform/database';
import { newId } from '#platform/ids';
import type { Logger } from '#platform/logger';
import type { Urgency } from './org-client.ts';
import { DEADLINE_MS, type WireAnswer } from './request.ts';
import { type BusyKind, XeroBusyError } from './xero-errors.ts';

/**
 * Xero's limits for one app and organisation, and what of each is kept for people who wait. The
 * minute is stretched by a second, since calls reach Xero later than they are claimed, some
 * more than others, and Xero counts arrivals.
 */
export const LIMITS = {
  callsPerMinute: 60,
  callsPerMinuteForPeople: 10,
  minuteMs: MINUTE_MS + SECOND_MS,
  inFlight: 5,
  inFlightForPeople: 1,
  callsPerDayForPeople: 100,
  dayProbeMs: 15 * MINUTE_MS,
  /** Over all organisations Xero allows 10,000 a minute; a full bucket and its refill stay below. */
  appBurst: 1_000,
  appPerSecond: 145,
  leaseMs: DEADLINE_MS + 10 * SECOND_MS,
} as const;

/** Xero gives an organisation one of two limits a day, and says only how much of it is left. */
const CALLS_PER_DAY = { few: 1_000, many: 5_000 } as const;

/** A place that is older than this when it is had could end before a call that takes its longest. */
const FRESH_MS = LIMITS.leaseMs - DEADLINE_MS;
const CLAIMS_MAX = 3;

/** A place among the calls under way. It ends by itself when the process that holds it dies. */
export interface CallLease {
  id: string;
  xeroOrgId: XeroOrgId;
  claimedAt: Date;
}

/** What an organisation has used, and what stands in the way. Days begin at midnight UTC. */
export interface XeroUsage {
  callsToday: number;
  callsPerDay: number;
  bytesToday: number;
  lastCallAt: Date | null;
  pausedUntil: Date | null;
  pauseKind: BusyKind | null;
}

export interface Budget {
  /** Takes a place within all limits, over all nodes. @throws XeroBusyError with the time to ask again */
  claim(xeroOrgId: XeroOrgId, urgency: Urgency): Promise<CallLease>;
  /**
   * Gives the place back and learns from the answer's headers; null when there was no answer.
   * Never throws: what Xero did stands, whether or not it could be noted.
   */
  settle(lease: CallLease, answer: WireAnswer | null, busy: XeroBusyError | null): Promise<void>;
  usageOf(xeroOrgIds: readonly XeroOrgId[]): Promise<Map<XeroOrgId, XeroUsage>>;
}

/**
 * Counts stand in the database, so that all nodes share one budget; each claim and each answer is a
 * transaction of its own.
 */
export function createBudget(deps: { database: Database; clock: Clock; logger: Logger }): Budget {
  const { database, clock, logger } = deps;

  async function settle(
    lease: CallLease,
    answer: WireAnswer | null,
    busy: XeroBusyError | null,
  ): Promise<void> {
    try {
      await database.asSystem(async (tx) => {
        await settleQuery(lease, answer, busy, clock.now()).execute(tx);
        if (busy?.kind === 'app') {
          await tx
            .updateTable('xero_app_budgets')
            .set({ paused_until: busy.retryAt })
            .where('app', '=', 'xero')
            .execute();
        }
      });
    } catch (error) {
      logger.warn({ err: error }, 'a call to Xero could not be noted; its place ends by itself');
    }
  }

  return {
    async claim(xeroOrgId, urgency) {
      for (let tries = 1; ; tries += 1) {
        const lease: CallLease = { id: newId(), xeroOrgId, claimedAt: clock.now() };
        const verdict = await database.asSystem((tx) => claimQuery(lease, urgency).execute(tx));
        const [row] = verdict.rows;
        if (!row?.granted) {
          const retryAt = row?.retry_at ?? plus(lease.claimedAt, SECOND_MS);
          throw new XeroBusyError(row?.kind ?? 'local', retryAt, { urgency });
        }
        if (plus(lease.claimedAt, FRESH_MS) >= clock.now()) return lease;
        // It waited so long for the database that its place could end before the call does.
        await settle(lease, null, null);
        if (tries === CLAIMS_MAX) {
          throw new XeroBusyError('local', plus(clock.now(), SECOND_MS), { urgency });
        }
      }
    },

    settle,

    async usageOf(xeroOrgIds) {
      if (xeroOrgIds.length === 0) return new Map();
      const today = clock.now().toISOString().slice(0, 10);
      const rows = await database.asSystem((tx) =>
        tx
          .selectFrom('xero_budgets')
          .selectAll()
          .where('xero_org_id', 'in', [...xeroOrgIds])
          .execute(),
      );
      return new Map(
        rows.map((row) => {
          const isToday = String(row.used_on) === today;
          return [
            row.xero_org_id as XeroOrgId,
            {
              callsToday: isToday ? row.calls_today : 0,
              callsPerDay: row.day_limit,
              bytesToday: isToday ? Number(row.bytes_today) : 0,
              lastCallAt: row.last_call_at,
              pausedUntil: row.paused_until,
              pauseKind: row.pause_kind as BusyKind | null,
            },
          ];
        }),
      );
    },
  };
}

interface Verdict {
  granted: boolean;
  kind: BusyKind | null;
  retry_at: Date | null;
}

function claimQuery(lease: CallLease, urgency: Urgency) {
  const kept = urgency === 'background';
  const minute = LIMITS.callsPerMinute - (kept ? LIMITS.callsPerMinuteForPeople : 0);
  const inFlight = LIMITS.inFlight - (kept ? LIMITS.inFlightForPeople : 0);
  const dayReserve = kept ? LIMITS.callsPerDayForPeople : 0;
  return sql<Verdict>`select * from xero_claim_call(
    org => ${lease.xeroOrgId}::uuid, lease => ${lease.id}::uuid, at => ${lease.claimedAt},
    lease_length => ${interval(LIMITS.leaseMs)}, minute_limit => ${minute}::int,
    minute_window => ${interval(LIMITS.minuteMs)}, in_flight_limit => ${inFlight}::int,
    day_reserve => ${dayReserve}::int, day_probe_every => ${interval(LIMITS.dayProbeMs)},
    app_burst => ${LIMITS.appBurst}::float8, app_per_second => ${LIMITS.appPerSecond}::float8)`;
}

/** Older headers never overwrite newer ones: answers overtake each other. */
function settleQuery(
  lease: CallLease,
  answer: WireAnswer | null,
  busy: XeroBusyError | null,
  now: Date,
) {
  // A 429 says by Retry-After when the window ends, which is better than the count it holds.
  const minuteLeft = busy === null ? countIn(answer, 'x-minlimit-remaining') : null;
  const dayLeft = countIn(answer, 'x-daylimit-remaining');
  const pause = busy !== null && busy.kind !== 'app' ? busy : null;
  const seen = sql`coalesce(minute_seen_at <= ${lease.claimedAt}, true)`;
  const daySeen = sql`coalesce(day_seen_at <= ${lease.claimedAt}, true)`;
  // By more than the calls under way explain.
  const isMoreThanKnown = sql`${dayLeft}::int > day_left + ${LIMITS.inFlight}::int`;
  return sql`with given_back as (
      delete from xero_call_leases where id = ${lease.id}::uuid
    )
    update xero_budgets set
    minute_left = case when ${minuteLeft}::int is not null and ${seen}
      then ${minuteLeft}::int else minute_left end,
    minute_seen_at = case when ${busy !== null}::boolean then null
      when ${minuteLeft}::int is not null and ${seen}
      then ${lease.claimedAt}::timestamptz else minute_seen_at end,
    -- Answers overtake calls too, so what is left only sinks, unless a new day began.
    day_left = case when ${dayLeft}::int is null or not ${daySeen} then day_left
      when day_left is null or ${isMoreThanKnown} then ${dayLeft}::int - (
        select count(*)::int from xero_call_leases l
        where l.xero_org_id = ${lease.xeroOrgId}::uuid and l.id <> ${lease.id}::uuid)
      else least(day_left, ${dayLeft}::int) end,
    day_seen_at = case when ${dayLeft}::int is not null and ${daySeen}
      then ${lease.claimedAt}::timestamptz else day_seen_at end,
    day_limit = case
      when ${dayLeft}::int > ${CALLS_PER_DAY.few}::int then ${CALLS_PER_DAY.many}::int
      -- More is left than before, so a new day began; so few then are the lower limit.
      when ${isMoreThanKnown} and ${daySeen} then ${CALLS_PER_DAY.few}::int
      else day_limit end,
    paused_until = case when ${pause?.retryAt ?? null}::timestamptz is null then paused_until
      else greatest(paused_until, ${pause?.retryAt ?? null}::timestamptz) end,
    pause_kind = coalesce(${pause?.kind ?? null}, pause_kind),
    bytes_today = bytes_today + ${answer?.bytes ?? 0}::bigint,
    last_call_at = greatest(last_call_at, ${now}::timestamptz)
    where xero_org_id = ${lease.xeroOrgId}::uuid`;
}

function interval(milliseconds: number) {
  return sql`make_interval(secs => ${milliseconds / SECOND_MS}::float8)`;
}

function countIn(answer: WireAnswer | null, header: string): number | null {
  const text = answer?.headers.get(header);
  return text && /^\d{1,9}$/.test(text) ? Number(text) : null;
}
