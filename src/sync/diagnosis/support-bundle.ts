import { sql } from 'kysely';
import type { XeroOrgId } from '#contract/ids';
import type { Tx } from '#platform/database';
import { actorMay, type Scope } from '#platform/scope';
import { requireParty, type WhichParty } from '../health/party-sync.ts';
import type { SyncDeps } from '../lane/lane-run.ts';
import type { ContactLink } from '../links/contact-link.ts';
import type { Party } from '../parties/party.ts';
import { cursorsOf } from '../pull/cursor-store.ts';
import { diagnose } from './diagnose.ts';
import { type PartyFacts, papersByKind, readDiagnosisFacts } from './diagnosis-facts.ts';

const EVENTS_MAX = 100;
/** What means something else to a pattern than itself. */
const SYNTAX = /[$()*+./?[\\\]^{|}]/g;

/**
 * Everything that whoever helps needs to know of one party's sync, as JSON: states, counts, times,
 * ids and Xero's messages. It holds no secret, and nobody's name, e-mail, phone or address: of
 * fields only their names are told, and in messages the party's own words are blotted out. Of papers
 * it tells whoever may see them.
 */
export async function supportBundle(
  deps: SyncDeps,
  tx: Tx,
  scope: Scope,
  which: WhichParty,
): Promise<{ fileName: string; json: string }> {
  const party = await requireParty(deps, tx, scope, which);
  const facts = await readDiagnosisFacts(deps, tx, scope, party);
  const xeroOrgId = (facts.lane?.xero_org_id ?? null) as XeroOrgId | null;
  const maySeePapers = actorMay(scope, 'documents.view');
  const events = await deps.events.of(tx, scope, which, { limit: EVENTS_MAX });
  const blot = createBlot(party);
  const bundle = {
    madeAt: facts.now.toISOString(),
    providerId: scope.providerId,
    about: { kind: party.kind, id: party.id, number: party.number, revision: party.revision },
    checks: diagnose(facts).map((check) => ({ ...check, words: check.words.map(blot) })),
    organisation: xeroOrgId && { xeroOrgId, isConnected: facts.organisation?.isConnected },
    lane: laneOf(facts),
    link: linkOf(facts, blot),
    cursors: xeroOrgId ? await cursorsOf(tx, scope, xeroOrgId) : [],
    papers: maySeePapers ? await papersByKind(tx, scope, party.id) : null,
    lastChangeOfPapers: maySeePapers ? await lastChange(tx, scope, party) : null,
    events: events
      .filter(({ event }) => maySeePapers || event.kind !== 'document.mirrored')
      .map(({ at, actor, event }) => ({
        at,
        by: actor.kind,
        kind: event.kind,
        fields: 'changes' in event ? event.changes.map(({ field }) => field) : [],
      })),
  };
  const day = facts.now.toISOString().slice(0, 10);
  return {
    fileName: `bursar-diagnosis-${party.number}-${day}.json`,
    json: JSON.stringify(bundle, (_key, value) => plain(value), 2),
  };
}

/** Named one by one, so that a field which comes later gives nobody away. */
const TOLD_OF_LINKS = [
  'contactId',
  'contactStatus',
  'standing',
  'wantedRevision',
  'pushedRevision',
  'attempts',
  'bearsNumber',
  'replacesCode',
  'isMatchDue',
  'isUrgent',
  'papersDue',
  'papersFor',
  'drift',
  'driftSince',
  'contactChangedAt',
  'lastAttemptAt',
  'lastPushedAt',
  'nextAttemptAt',
  'uncertainSince',
] as const satisfies readonly (keyof ContactLink)[];

function laneOf({ lane, lookedThroughAt }: PartyFacts) {
  if (lane === null) return null;
  return {
    state: lane.state,
    stopReason: lane.stop_reason,
    pausedUntil: lane.paused_until,
    pauseReason: lane.pause_reason,
    failures: lane.failures,
    wakeAt: lane.wake_at,
    leaseUntil: lane.lease_until,
    contactsKnownAt: lane.contacts_known_at,
    lastPushAt: lane.last_push_at,
    lastPullAt: lane.last_pull_at,
    lastSweepAt: lookedThroughAt,
  };
}

function linkOf({ link }: PartyFacts, blot: (text: string) => string) {
  if (link === null) return null;
  const { base, seen, offered, accepted, reasons } = link;
  const known = new Set(Object.keys({ ...base, ...seen }) as (keyof NonNullable<typeof base>)[]);
  return {
    ...Object.fromEntries(TOLD_OF_LINKS.map((name) => [name, link[name]])),
    reasons: reasons.map(blot),
    accepted: Object.keys(accepted),
    offered: Object.keys(offered ?? {}),
    differsInXero: [...known].filter(
      (field) => JSON.stringify(base?.[field]) !== JSON.stringify(seen?.[field]),
    ),
  };
}

async function lastChange(tx: Tx, scope: Scope, party: Party): Promise<Date | null> {
  const { rows } = await sql<{ at: Date | null }>`
    select max(changed_in_xero_at) as at from documents
    where provider_id = ${scope.providerId} and party_id = ${party.id}`.execute(tx);
  return rows[0]?.at ?? null;
}

/** Takes a party's own words out of texts, whatever their case. */
function createBlot(party: Party): (text: string) => string {
  const { label, firstName, lastName, preferredName, email, alternativeEmail } = party;
  const { phoneMobile, phoneHome, phoneWork, companyNames } = party;
  const own = [
    ...[label, firstName, lastName, preferredName, email, alternativeEmail],
    ...[phoneMobile, phoneHome, phoneWork, ...companyNames],
  ].filter((word) => word !== null && word.trim() !== '') as string[];
  // The longest first, so that no part of a name is left over.
  const patterns = own
    .sort((a, b) => b.length - a.length)
    .map((word) => new RegExp(word.replace(SYNTAX, String.raw`\$&`), 'giu'));
  return (text) => patterns.reduce((left, pattern) => left.replace(pattern, '…'), text);
}

function plain(value: unknown): unknown {
  return typeof value === 'bigint' ? String(value) : value;
}
