import { MINUTE_MS } from '#platform/clock';
import type { WireRequest } from '../../src/xero/request.ts';
import { dueOf } from './agreement.ts';
import { type Ground, PARTIES, rowsOf } from './ground.ts';
import type { Place, Row } from './memory/tables.ts';
import type { Broken } from './watch.ts';

/**
 * I7: nobody sends a refresh token while another does, nor one whose successor is stored: Xero would
 * kill the grant of whoever comes second.
 */
export function watchGrants(isDead: (node: string) => boolean, broken: Broken) {
  const sending = new Map<string, string>();
  /** The token of the renewal that a node was last answered. */
  const renewed = new Map<string, string>();
  const spent = new Set<string>();
  return {
    onBegin(node: string, request: WireRequest): () => void {
      const token = refreshTokenOf(request);
      if (token === null) return () => undefined;
      const other = sending.get(token);
      if (other && !isDead(other))
        broken('I7', `${node} and ${other} renew the same grant at once`);
      if (spent.has(token)) broken('I7', `${node} renews with a token that has a successor`);
      sending.set(token, node);
      return () => void sending.delete(token);
    },
    onRenewed(node: string, request: WireRequest): void {
      const token = refreshTokenOf(request);
      if (token !== null) renewed.set(node, token);
    },
    onWrite(node: string, { table, committed, pending }: Place): void {
      const token = renewed.get(node);
      const isStored = pending && pending.generation !== committed?.generation;
      if (table.name !== 'grants' || !isStored || token === undefined) return;
      renewed.delete(node);
      spent.add(token);
    },
  };
}

function refreshTokenOf({ url, body }: WireRequest): string | null {
  if (!url.endsWith('/connect/token') || !body) return null;
  return new URLSearchParams(body).get('refresh_token');
}

/** A lane that met a failure of our own may rest so long, whatever is due. */
const REST_MS = MINUTE_MS;

/**
 * I9: a lane is worked for by one run at a time, and one that rests remembers on its row what is due,
 * since a job that would remind it may be lost.
 */
export function watchLanes({ tables, clock }: Pick<Ground, 'tables' | 'clock'>, broken: Broken) {
  /** The node of each run, by the run's own id. */
  const nodeOf = new Map<unknown, string>();
  function onTaken(node: string, before: Row | null, after: Row): void {
    if (after.lease_owner !== before?.lease_owner) nodeOf.set(after.lease_owner, node);
  }
  function onHeld(node: string, before: Row | null, after: Row): void {
    const holder = nodeOf.get(after.lease_owner);
    const isLonger = String(before?.lease_until) !== String(after.lease_until);
    if (holder && holder !== node && isLonger)
      broken('I9', `${node} works in the lane that ${holder} has`);
  }
  function onRest(after: Row): void {
    const now = clock.now();
    if ((after.wake_at as Date).getTime() <= now.getTime() + REST_MS) return;
    const own = (name: string) =>
      rowsOf({ tables }, name).filter((row) => row.xero_org_id === after.xero_org_id);
    // Word that was left for it is found by the tick.
    if (own('lane_calls').length > 0) return;
    const [links, notices, matchings] = [own('contact_links'), own('notices'), own('matchings')];
    const name = PARTIES.find(({ xeroOrgId }) => xeroOrgId === after.xero_org_id)?.name ?? '';
    for (const { what } of dueOf({ name, lanes: [after], links, notices, matchings, now })) {
      broken('I9', `${what}, and the lane forgets it`);
    }
  }
  return {
    onWrite(node: string, { table, committed, pending }: Place): void {
      if (table.name !== 'lanes' || !pending) return;
      if (pending.lease_owner !== null) {
        onTaken(node, committed, pending);
        onHeld(node, committed, pending);
      } else if (committed && committed.lease_owner !== null) onRest(pending);
    },
  };
}

/** I3: a walk over papers never stands further than what is kept of its pages. */
export function watchCursors({ tables }: Pick<Ground, 'tables'>, broken: Broken) {
  return {
    onWrite(_node: string, { table, committed, pending }: Place): void {
      if (table.name !== 'cursors' || !pending || !isOfPapers(String(pending.resource))) return;
      const newest = pending.newest_seen as Date | null;
      if (newest === null || String(committed?.newest_seen) === String(newest)) return;
      const kind = String(pending.resource).replace(/^all-/, '').slice(0, -1);
      const marks = [...(tables.tables.get('paper_marks')?.places ?? [])];
      const isKept = marks.some((place) => {
        const mark = place.pending ?? place.committed;
        const isOfWalk = mark?.kind === kind && mark.xero_org_id === pending.xero_org_id;
        return isOfWalk && (mark.changed_at as Date) >= newest;
      });
      if (!isKept) broken('I3', `the walk over ${pending.resource} is past what is kept`);
    },
  };
}

function isOfPapers(resource: string): boolean {
  return /^(all-)?(invoices|credit-notes|prepayments|overpayments)$/.test(resource);
}
