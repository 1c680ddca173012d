import type { FakeClock } from '#platform/clock';
import type { WireAnswer, WireRequest } from '../../src/xero/request.ts';
import type { Desk } from './desk.ts';
import { type Ground, rowsOf } from './ground.ts';
import type { Place, Row } from './memory/tables.ts';
import { watchCalls } from './watch-calls.ts';
import { watchCursors, watchGrants, watchLanes } from './watch-holds.ts';
import { watchWalls } from './watch-walls.ts';

export type Broken = (invariant: string, what: string) => void;

/** What must hold at every commit and every answer, while the storm is on. */
export interface Watch {
  /** Before a commit, with both versions of what it writes. */
  onWrite(node: string, place: Place): void;
  /** A webhook begins to come in; the answer says what must be true once it was answered 200. */
  onDelivery(body: string): { acked(): void };
  /** A node begins a call; to be called back once its answer has come, or is given up. */
  onBegin(node: string, request: WireRequest): () => void;
  /** Xero answered a call of this node. */
  onAnswer(org: string | undefined, status: number, headers: AnswerHeaders): void;
  /** The answer has reached the node that asked. */
  onHeard(node: string, request: WireRequest, answer: WireAnswer): void;
  /** A node sends a call while so many of the organisation are under way, this one among them. */
  onSend(org: string, underWay: number): void;
}

type AnswerHeaders = Readonly<Record<string, unknown>>;

/** Marks refusals that a fault made up: Xero itself has no reason to refuse. */
export const MADE_UP = 'x-made-up';

export function createWatch(given: {
  ground: Ground;
  desks: () => readonly Desk[];
  isDead: (node: string) => boolean;
  broken: Broken;
}): Watch {
  const { ground, desks, isDead, broken } = given;
  const { clock } = ground;
  const notices = watchNotices(ground, broken);
  const waits = watchWaits(clock, broken);
  const lanes = watchLanes(ground, broken);
  const cursors = watchCursors(ground, broken);
  const grants = watchGrants(isDead, broken);
  const onCall = watchCalls(ground, broken);
  return {
    onWrite(node, place) {
      watchTime(place, broken);
      watchPayments(ground, place, broken);
      watchDecisions(place, broken);
      watchWalls(ground, place, desks(), broken);
      notices.onWrite(node, place);
      waits.onWrite(node, place);
      lanes.onWrite(node, place);
      cursors.onWrite(node, place);
      grants.onWrite(node, place);
    },
    onDelivery: notices.onDelivery,
    onBegin(node, request) {
      onCall(request);
      return grants.onBegin(node, request);
    },
    onAnswer(org, status, headers) {
      // I6, as Xero counts: it never had to refuse by itself.
      if (status !== 429 || headers[MADE_UP] !== undefined) return;
      broken('I6', `Xero refuses a call for ${org}: ${headers['x-rate-limit-problem']}`);
    },
    onHeard(node, request, { status, headers, text }) {
      if (status === 429) waits.onBusy(node, request.headers['xero-tenant-id'], headers);
      if (status === 200) notices.onRead(node, `${request.url} ${text}`);
      if (status === 200) grants.onRenewed(node, request);
    },
    onSend(org, underWay) {
      // I6: a place is taken before, or nobody counts the call.
      const places = waits.placesOf(org);
      if (underWay > places) broken('I6', `${underWay} calls at once in ${places} places`);
    },
  };
}

/** I5: an older version never overwrites a newer one. */
function watchTime({ table, committed, pending }: Place, broken: Broken): void {
  if (pending === null || table.name !== 'documents') return;
  const before = committed?.changed_in_xero_at as Date | undefined;
  if (before && before > (pending.changed_in_xero_at as Date)) {
    broken('I5', `${pending.kind} ${pending.number} goes back in time`);
  }
}

/** I5: payments come and go with a version of their paper, never beside one that stays as it is. */
function watchPayments({ tables }: Ground, { table, committed, pending }: Place, broken: Broken) {
  if (table.name !== 'payments' || (committed === null) === (pending === null)) return;
  const documentId = (pending ?? committed)?.document_id;
  for (const paper of tables.tables.get('documents')?.places ?? []) {
    const isWritten = paper.owner !== null && paper.pending !== paper.committed;
    if (paper.committed?.id !== documentId || isWritten) continue;
    broken('I5', `payments of ${paper.committed?.number} change, and it does not`);
  }
}

/** I10: what the history says was settled of a drift was something; asking again changes nothing yet. */
function watchDecisions({ table, committed, pending }: Place, broken: Broken): void {
  if (table.name !== 'events' || committed || pending?.kind !== 'contact.drift-decided') return;
  const { how, changes } = pending.data as { how: string; changes: readonly unknown[] };
  if (how !== 'asked-again' && changes.length === 0)
    broken('I10', 'a decision about no field stands in the history');
}

const keyOf = (org: unknown, kind: unknown, id: unknown) => `${org} ${kind} ${id}`;
const KIND_OF: Record<string, string> = {
  CONTACT: 'contact',
  INVOICE: 'invoice',
  CREDITNOTE: 'credit-note',
  PREPAYMENT: 'prepayment',
  OVERPAYMENT: 'overpayment',
};

/** Answers of a node that are looked through when it removes a notice. */
const READ_LAST = 40;

/** Whether the paper was read as it stood after the change, by Xero's own instants: a walk was quicker. */
function wasReadSince(ground: Ground, { xero_org_id, kind, resource_id, event_at }: Row): boolean {
  return rowsOf(ground, 'paper_marks').some(
    (mark) =>
      mark.xero_org_id === xero_org_id &&
      mark.kind === kind &&
      mark.xero_id === resource_id &&
      (mark.changed_at as Date) >= (event_at as Date),
  );
}

/**
 * I2: whatever was answered with 200 has been written to the inbox, durably, before; and what is
 * said of a paper leaves the inbox only once the paper was read after that was said, or as it stood
 * after what was said.
 */
function watchNotices(ground: Ground, broken: Broken) {
  /** When each was last written or said anew, counted in commits and answers. */
  const written = new Map<string, number>();
  const read = new Map<string, { at: number; text: string }[]>();
  let count = 0;
  const runs = (org: string) =>
    rowsOf(ground, 'lanes').some((row) => row.xero_org_id === org && row.state === 'running');
  function onRemoved(node: string, row: Row): void {
    // Of contacts it may be known without looking.
    if (row.kind === 'contact') return;
    const said = written.get(keyOf(row.xero_org_id, row.kind, row.resource_id)) ?? 0;
    const isRead = (read.get(node) ?? []).some(
      ({ at, text }) => at > said && text.includes(String(row.resource_id)),
    );
    if (isRead || wasReadSince(ground, row)) return;
    broken('I2', `a notice of ${row.kind} ${row.resource_id} is gone unread`);
  }
  return {
    onRead(node: string, text: string): void {
      count += 1;
      read.set(node, [...(read.get(node) ?? []).slice(1 - READ_LAST), { at: count, text }]);
    },
    onWrite(node: string, { table, committed, pending }: Place): void {
      if (table.name !== 'notices') return;
      if (!pending) {
        if (committed) onRemoved(node, committed);
        return;
      }
      if (committed?.heard === pending.heard) return;
      count += 1;
      written.set(keyOf(pending.xero_org_id, pending.kind, pending.resource_id), count);
    },
    onDelivery(body: string) {
      const begun = count;
      const { events } = JSON.parse(body) as { events: Row[] };
      const expected = events.filter((event) => runs(String(event.tenantId)));
      return {
        acked: () => {
          for (const { tenantId, eventCategory, resourceId } of expected) {
            const key = keyOf(tenantId, KIND_OF[String(eventCategory)], resourceId);
            const isKept = (written.get(key) ?? 0) > begun;
            if (!isKept && runs(String(tenantId))) broken('I2', `${key} was taken and not kept`);
          }
        },
      };
    },
  };
}

/**
 * I6: who was told to wait is not asked again before, once a node has written that down: at the latest
 * when it has given back every place that it had at the time.
 */
function watchWaits(clock: FakeClock, broken: Broken) {
  /** Told to a node that has not noted it yet, with the places it has. */
  const told: { org: string; end: number; places: Set<unknown> }[] = [];
  /** Places that are taken, and by which node. */
  const taken = new Map<unknown, { node: string; org: string }>();
  /** Places that ended by themselves, while whoever had one stood still. */
  const lapsed = new Map<string, number>();
  const until = new Map<string, number>();
  function onGivenBack({ id: place, xero_org_id: of, until: ended }: Row): void {
    taken.delete(place);
    const isLapsed = (ended as Date) <= clock.now();
    if (isLapsed) lapsed.set(String(of), (lapsed.get(String(of)) ?? 0) + 1);
    for (const one of told) {
      if (!one.places.delete(place)) continue;
      // Whoever stood still, or died, has not noted it.
      if (isLapsed) one.places.clear();
      else if (one.places.size === 0)
        until.set(one.org, Math.max(until.get(one.org) ?? 0, one.end));
    }
  }
  function onTaken(node: string, { id, xero_org_id: org }: Row): void {
    taken.set(id, { node, org: String(org) });
    const left = (until.get(String(org)) ?? 0) - clock.now().getTime();
    if (left > 0) broken('I6', `a call for ${org} ${left} ms before Xero allows one`);
  }
  return {
    placesOf(org: string): number {
      const now = [...taken.values()].filter((by) => by.org === org);
      return now.length + (lapsed.get(org) ?? 0);
    },
    onBusy(node: string, org: string | undefined, headers: Headers): void {
      const seconds = Number(headers.get('retry-after') ?? Number.NaN);
      const isOfApp = headers.get('x-rate-limit-problem') === 'appminute';
      if (!org || isOfApp || Number.isNaN(seconds)) return;
      const own = [...taken].filter(([, by]) => by.node === node && by.org === org);
      const places = new Set(own.map(([id]) => id));
      told.push({ org, end: clock.now().getTime() + seconds * 1_000, places });
    },
    onWrite(node: string, { table, committed, pending }: Place): void {
      if (table.name !== 'xero_call_leases') return;
      if (committed && !pending) onGivenBack(committed);
      if (!committed && pending) onTaken(node, pending);
    },
  };
}
