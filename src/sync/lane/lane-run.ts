import type { Billing } from '#billing/index';
import type { ConnectionId, XeroOrgId } from '#contract/ids';
import type { OrganisationRules } from '#contract/organisations';
import type { EventLog } from '#events/index';
import type { Learners } from '#learners/index';
import { type Clock, plus } from '#platform/clock';
import type { Database, Tx } from '#platform/database';
import type { Logger } from '#platform/logger';
import type { Metrics } from '#platform/metrics';
import type { Scope } from '#platform/scope';
import type { Workplaces } from '#workplaces/index';
import type { ConsentLossReason, OrgClient, Urgency, XeroClient, XeroOrgAccess } from '#xero/index';
import type { Parties } from '../parties/parties.ts';
import { holdLane, type Lane, LEASE_MS, type Lease } from './lane-store.ts';

/** What the sync works with; handed in whole, once, by `entry`. */
export interface SyncDeps {
  database: Database;
  clock: Clock;
  events: EventLog;
  logger: Logger;
  learners: Pick<Learners, 'get' | 'change' | 'choose' | 'turnSync'>;
  workplaces: Pick<Workplaces, 'getMany' | 'idsToSync' | 'choose' | 'turnSync'>;
  /** Learners and workplaces alike: whoever has a contact in Xero. */
  parties: Parties;
  /** Where people open Bursar, for links in e-mails. */
  publicUrl: string;
  billing: Pick<
    Billing,
    | 'mirror'
    | 'forget'
    | 'drop'
    | 'dropBooks'
    | 'handOver'
    | 'rememberBatches'
    | 'renew'
    | 'providerWithOldPapers'
    | 'takeOldPapers'
    | 'markRead'
  >;
  connections: {
    /** The provider's connections through which data flows now. */
    active(
      tx: Tx,
      scope: Scope,
    ): Promise<(XeroOrgAccess & { organisationName: string; shortCode: string | null })[]>;
    routing(
      tx: Tx,
      scope: Scope,
    ): Promise<{ rules: OrganisationRules; connected: ReadonlySet<XeroOrgId> }>;
    markConsentLost(
      tx: Tx,
      scope: Scope,
      connectionId: ConnectionId,
      reason: ConsentLossReason,
    ): Promise<unknown>;
    /** Before the lane's row, where both are held: the connection's moves come down the same way. */
    hold(tx: Tx, scope: Scope, connectionId: ConnectionId): Promise<void>;
    /** A sweep has met rows that changed at these instants: were there notices of them? */
    noteSwept(
      scope: Scope,
      access: { xeroOrgId: XeroOrgId },
      changedAt: readonly Date[],
    ): Promise<void>;
  };
  xero: XeroClient;
  usageOf(
    xeroOrgIds: readonly XeroOrgId[],
  ): Promise<Map<XeroOrgId, { callsToday: number; callsPerDay: number }>>;
  /** Notes that Xero spoke to us by itself: with notices, or only to see that signatures count. */
  heardFromXero(kind: 'delivery' | 'intent', now: Date): Promise<void>;
  metrics: Pick<Metrics, 'count'>;
  /** Null: no webhooks are set up at Xero, so changes are found by sweeps alone. */
  webhookKey: string | null;
  /** Where Xero's own pages are, for links that a person follows. */
  xeroPagesUrl: string;
  /** How many contacts one call may carry, however quick Xero is. */
  contactsPerCall: number;
  /** From 0 up to 1; spreads retries so that many lanes do not ask at the same moment. */
  random?: () => number;
}

/** One run of a lane: the right to work for one organisation, and the means. */
export interface LaneRun {
  deps: SyncDeps;
  scope: Scope;
  xeroOrgId: XeroOrgId;
  lease: Lease;
  /** When rows changed that the sweeps of this run have met, until that is passed on. */
  swept: Date[];
  client(urgency: Urgency): OrgClient;
  now(): Date;
  /**
   * One transaction that records what was done. It holds the lane first, so that a run which lost
   * its lane writes nothing.
   */
  record<T>(work: (tx: Tx, lane: Lane) => Promise<T>): Promise<T>;
  /** The lane as the last record began with it; null: nothing was recorded yet. */
  seen(): Lane | null;
  /**
   * Makes sure, right before something is written to Xero, that the lane is still ours: a process
   * that stood still may have lost it, and whoever has it now has read what Xero said before that
   * write. Costs nothing where something was recorded just now.
   * @throws LeaseLostError
   */
  stillHeld(): Promise<void>;
}

/** So long after something was recorded nobody else can have the lane. */
const SURELY_HELD_MS = LEASE_MS / 2;

/**
 * The run of a lane that `owner` took a moment ago, since it counts as held from now on. Prolonging
 * the lease while something takes long is the caller's part.
 */
export function createLaneRun(
  deps: SyncDeps,
  scope: Scope,
  access: XeroOrgAccess,
  owner: string,
): LaneRun {
  const lease = { xeroOrgId: access.xeroOrgId, owner };
  let heldAt = deps.clock.now();
  let seen: Lane | null = null;

  async function record<T>(work: (tx: Tx, lane: Lane) => Promise<T>): Promise<T> {
    const now = deps.clock.now();
    const done = await deps.database.asProvider(scope.providerId, async (tx) => {
      const lane = await holdLane(tx, scope, lease, now);
      seen = lane;
      return work(tx, lane);
    });
    if (now > heldAt) heldAt = now;
    return done;
  }

  return {
    deps,
    scope,
    xeroOrgId: access.xeroOrgId,
    lease,
    swept: [],
    client: (urgency) => deps.xero.forOrg(access, urgency),
    now: () => deps.clock.now(),
    record,
    seen: () => seen,
    async stillHeld() {
      if (plus(heldAt, SURELY_HELD_MS) < deps.clock.now()) await record(async () => undefined);
    },
  };
}
