import type { XeroOrgId } from '#contract/ids';
import type { EventLog, EventOf } from '#events/index';
import type { Tx } from '#platform/database';
import type { Scope } from '#platform/scope';
import { forgetAgreement } from './agreement/forget-agreement.ts';
import { dropIgnores } from './inbox/ignore-store.ts';
import { leaveChanges } from './lane/lane-calls.ts';
import type { SyncDeps } from './lane/lane-run.ts';
import {
  lanesOf,
  lockLaneIfFree,
  openLane,
  renameLane,
  stopLane,
  wakeLane,
} from './lane/lane-store.ts';
import { forgetLinked } from './links/forget-linked.ts';
import { raiseWanted, silenceLinks, type Wish } from './links/link-store.ts';
import { type AtCampus, createRouter, placeParties } from './links/place-parties.ts';
import { eraseContacts } from './matching/contact-store.ts';
import { forgetMatching } from './matching/matching-store.ts';
import { openCursors } from './pull/cursor-store.ts';
import { endRunsOf } from './runs/end-with-connection.ts';

/** Whether whoever changes a record waits for somebody who holds the lane. */
type Waits = 'never' | 'until-free';

/** A lane as one transaction has called it; where it does not hold the row, it leaves word. */
interface Called {
  xeroOrgId: XeroOrgId;
  isHeld: boolean;
}

async function lanesToCall(tx: Tx, scope: Scope): Promise<Called[]> {
  // Of organisations that are disconnected too: they may be connected again at this moment.
  return (await lanesOf(tx, scope)).map((lane) => ({
    xeroOrgId: lane.xero_org_id as XeroOrgId,
    isHeld: false,
  }));
}

/**
 * What happens in the rooms below, heard here in the same transaction: an edit and the wish to have
 * it in Xero are committed together, or neither is.
 */
export function subscribe(deps: SyncDeps, events: EventLog): void {
  const { clock } = deps;
  const organisationOf = createRouter(deps);
  // The many edits of one transaction call a lane once: its row stays locked until the end anyway.
  const called = new WeakMap<Tx, Called[]>();

  async function callLanes(tx: Tx, scope: Scope, waits: Waits = 'until-free'): Promise<Called[]> {
    const lanes = called.get(tx) ?? (await lanesToCall(tx, scope));
    called.set(tx, lanes);
    for (const lane of lanes) {
      const { xeroOrgId } = lane;
      if (lane.isHeld) continue;
      if (waits === 'never' && !(await lockLaneIfFree(tx, scope.providerId, xeroOrgId))) continue;
      await wakeLane(tx, scope.providerId, xeroOrgId, clock.now());
      lane.isHeld = true;
    }
    return lanes;
  }

  async function want(
    tx: Tx,
    scope: Scope,
    given: readonly (Wish & AtCampus)[],
    waits?: Waits,
  ): Promise<void> {
    // Of each party the last wish, which says all that the others said.
    const wishes = [...new Map(given.map((wish) => [wish.partyId, wish])).values()];
    if (wishes.length === 0) return;
    // Whoever changes many at once does not wait for each; the first of them stands for all.
    const isFirst = scope.actor.kind === 'person' && !called.has(tx);
    // While lanes were waited for an organisation may have been connected or disconnected, or the rules
    // changed: whoever did so saw nothing of this, so it has to see what they did.
    const lanes = await callLanes(tx, scope, waits);
    const belongsTo = await organisationOf(tx, scope);
    for (const { xeroOrgId, isHeld } of lanes) {
      const here = wishes.map((wish, index) => ({
        ...wish,
        syncToXero: wish.syncToXero && belongsTo(wish) === xeroOrgId,
        isUrgent: isFirst && index === 0,
      }));
      if (isHeld) await raiseWanted(tx, scope, xeroOrgId, here, clock.now());
      else await leaveChanges(tx, scope.providerId, xeroOrgId, here);
    }
  }

  for (const kind of ['learner.added', 'workplace.added'] as const) {
    events.onMany(kind, (tx, scope, added) =>
      want(tx, scope, added.filter(({ syncToXero }) => syncToXero).map(wishOf)),
    );
  }
  for (const kind of ['learner.changed', 'workplace.changed'] as const) {
    events.onMany(kind, (tx, scope, changed) => {
      const turned = new Set(
        changed.filter(({ changes }) => changes.some(({ field }) => field === 'syncToXero')),
      );
      const concerned = changed.filter((event) => event.syncToXero || turned.has(event));
      // What becomes of turning it is looked at in the same transaction, as by runs.
      const waits = turned.size > 0 ? 'until-free' : 'never';
      return want(tx, scope, concerned.map(wishOf), waits);
    });
  }

  events.on('connection.activated', async (tx, scope, event) => {
    const { xeroOrgId, connectionId, organisationName } = event;
    await organisationOf(tx, scope, 'anew');
    await openLane(tx, scope, { xeroOrgId, connectionId, organisationName }, clock.now());
    await openCursors(tx, scope, xeroOrgId, clock.now(), true);
    await placeParties(deps, tx, scope, [xeroOrgId], await organisationOf(tx, scope));
    // What was put aside was that time; the next one is to be told.
    await dropIgnores(tx, scope, [{ code: 'connection.lost', subjectId: xeroOrgId }]);
  });

  events.on('organisation-rules.changed', async (tx, scope) => {
    const lanes = await callLanes(tx, scope);
    const belongsTo = await organisationOf(tx, scope, 'anew');
    const xeroOrgIds = lanes.map((lane) => lane.xeroOrgId);
    await placeParties(deps, tx, scope, xeroOrgIds, belongsTo);
  });

  // What waited while the package did not include Xero, or while the provider was closed, goes on.
  const goOn = async (tx: Tx, scope: Scope) => void (await callLanes(tx, scope));
  events.on('licence.granted', goOn);
  // And a lane at work looks again whether it still may, before its next act.
  events.on('licence.withdrawn', goOn);
  events.on('provider.closed', goOn);
  events.on('provider.reopened', goOn);

  events.on('connection.consent-lost', (tx, scope, event) =>
    stopLane(tx, scope, event.xeroOrgId, 'consent-lost'),
  );

  events.on('connection.organisation-reset', async (tx, scope, { xeroOrgId }) => {
    // Holds the lane's row first, as whoever touches its links does; right after this
    // it opens, or it is told that it was disconnected.
    await stopLane(tx, scope, xeroOrgId, 'consent-lost');
    await forgetLinked(tx, scope, xeroOrgId, clock.now());
    // What Xero threw away is owed by nobody: copies of it would count on, and differ for ever.
    await deps.billing.dropBooks(tx, scope, xeroOrgId);
    await forgetAgreement(tx, scope, xeroOrgId);
    await eraseContacts(tx, scope, xeroOrgId);
    await forgetMatching(tx, scope, xeroOrgId);
    await dropIgnores(tx, scope, [{ code: 'matching.open', subjectId: xeroOrgId }]);
  });

  // Nothing is thrown away while a connection rests: what is wanted stays wanted, and what changes in
  // Xero meanwhile is found by the sweeps that follow.
  events.on('connection.paused', (tx, scope, event) =>
    stopLane(tx, scope, event.xeroOrgId, 'paused'),
  );

  events.on('connection.resumed', async (tx, scope, { xeroOrgId, connectionId }) => {
    const lanes = await lanesOf(tx, scope);
    const lane = lanes.find((one) => one.xero_org_id === xeroOrgId);
    const organisationName = lane?.organisation_name ?? '';
    await openLane(tx, scope, { xeroOrgId, connectionId, organisationName }, clock.now());
    await openCursors(tx, scope, xeroOrgId, clock.now(), true);
  });

  events.on('connection.organisation-changed', (tx, scope, { xeroOrgId, organisationName }) =>
    renameLane(tx, scope, xeroOrgId, organisationName),
  );

  events.on('connection.disconnected', async (tx, scope, event) => {
    if (event.xeroOrgId === null) return;
    await stopLane(tx, scope, event.xeroOrgId, 'disconnected');
    await endRunsOf(deps, tx, scope, event.xeroOrgId);
    await silenceLinks(tx, scope, event.xeroOrgId);
    await eraseContacts(tx, scope, event.xeroOrgId);
    await forgetMatching(tx, scope, event.xeroOrgId);
    await dropIgnores(tx, scope, [{ code: 'matching.open', subjectId: event.xeroOrgId }]);
  });
}

type OfParty = EventOf<
  'learner.added' | 'learner.changed' | 'workplace.added' | 'workplace.changed'
>;

function wishOf(event: OfParty): Wish & AtCampus {
  const { revision, syncToXero, campus } = event;
  const party =
    'learnerId' in event
      ? { partyKind: 'learner' as const, partyId: event.learnerId }
      : { partyKind: 'workplace' as const, partyId: event.workplaceId };
  return { ...party, revision, syncToXero, campus };
}
