import { z } from 'zod';
import { DOCUMENT_KINDS, type DocumentKind } from '#contract/billing';
import { RESOURCE_OF, RESOURCES, type Resource } from '../pull/cursor-store.ts';
import type { NoticeKind } from '../pull/notice-store.ts';
import { idsPerRead } from '../pull/read-papers.ts';

/** One step of a lane's work: a batch, worth a few calls at most. */
export type Act =
  | { do: 'match' }
  /** Counts the invoices of contacts between which a person has to choose. */
  | { do: 'count-invoices' }
  | { do: 'push'; forPerson: boolean }
  | { do: 'read-papers'; forPerson: boolean }
  /** Settles what was changed in Xero by the provider's rules; asks Xero nothing. */
  | { do: 'weigh-drifts' }
  | { do: 'pull-contacts' }
  | { do: 'pull-papers'; kind: DocumentKind }
  | { do: 'sweep'; resource: Resource }
  /** The next batch of a resync that somebody asked for. */
  | { do: 'resync' }
  /** The next step of showing that both sides agree. */
  | { do: 'check-agreement' };

export type Plan = Act | { do: 'rest'; until: Date };

/** What a plan is made from: all that waits, as read in one look at the rows. */
export interface LaneFacts {
  now: Date;
  pausedUntil: Date | null;
  /** The pause is for background work alone: part of the limits is kept for people. */
  pauseSparesPeople: boolean;
  /** The contacts have been read whole, so that creating one can't make a second one. */
  contactsKnown: boolean;
  /** Learners of whom nobody knows yet who they are in Xero; finding out asks Xero nothing. */
  matchDue: boolean;
  /** A person has to choose between contacts whose invoices nobody has counted. */
  invoicesToCount: boolean;
  /** Links with a gap whose time has come. */
  pushes: { forPeople: boolean; any: boolean };
  /** Linked contacts whose papers are to be read. */
  papers: { forPeople: boolean; any: boolean };
  notices: { contacts: number; papers: Partial<Record<DocumentKind, PaperNotices>> };
  /** What was changed in Xero was not weighed by the rules as they are now. */
  drifts: boolean;
  /** A resync is on. */
  resync: boolean;
  /** A comparison of both sides is on, or due. */
  agreement: boolean;
  /** Names of acts that Xero refuses or fails at, and that are not to be tried again yet. */
  aside: ReadonlySet<string>;
  /** Names of acts at which Xero has failed for long: the others go first. */
  last: ReadonlySet<string>;
  /** Walks that are on, but for those that are set aside. */
  walking: readonly Resource[];
  /** When something will be due by itself: a retry, a sweep. */
  nextDueAt: Date;
}

/** How many papers of a kind are noticed, and how many of them were not tried yet. */
export interface PaperNotices {
  waiting: number;
  fresh: number;
}

/** How many acts each kind of work has been passed over, by its name. Kept from run to run. */
export const Patience = z.record(z.string(), z.int().nonnegative());
export type Patience = Readonly<z.infer<typeof Patience>>;

/** An act that was passed over this often goes first, however urgent the others are. */
export const PATIENCE_MAX = 6;
/** Above so many calls by ids, one read of what changed since is cheaper. */
const READS_BY_IDS = 2;

/**
 * Above so many notices of a kind a walk over what changed since the last one is cheaper than reads
 * by ids. It is no more to read than the next sweep would have to: that comes within hours, or is
 * on already where it is late, and begins where this walk ends.
 */
export function noticesToWalk(kind: NoticeKind): number {
  return READS_BY_IDS * idsPerRead(kind);
}

/**
 * The most urgent act: someone waiting in front of a page, then what Xero says has changed, then
 * our pushes, then papers of newly linked contacts, then sweeps, then resyncs. Work that was passed
 * over PATIENCE_MAX times goes first, so that nothing starves under a steady stream of better-placed
 * work. While contacts are not known, reading them comes before anything that could create one.
 * What Xero fails at again and again comes after all else, or each pause that it brings would end
 * with it.
 */
export function planLane(facts: LaneFacts, patience: Patience): Plan {
  const paused = facts.pausedUntil !== null && facts.pausedUntil > facts.now;
  const ready = paused ? sparedActs(facts) : readyActs(facts);
  const [first] = ready;
  if (!first) return { do: 'rest', until: paused ? endOfRest(facts) : facts.nextDueAt };
  const starved = ready
    .filter((act) => (patience[nameOf(act)] ?? 0) >= PATIENCE_MAX)
    .sort((a, b) => (patience[nameOf(b)] ?? 0) - (patience[nameOf(a)] ?? 0))[0];
  return starved ?? first;
}

/** The patience after an act was chosen: the others that were ready have waited once more. */
export function wornPatience(facts: LaneFacts, chosen: Act, patience: Patience): Patience {
  const waited = readyActs(facts)
    .map(nameOf)
    .filter((name) => name !== nameOf(chosen));
  return Object.fromEntries(waited.map((name) => [name, (patience[name] ?? 0) + 1]));
}

/** The patience where what was chosen has met a pause: it keeps its turn, or each pause would take it. */
export function pausedPatience(facts: LaneFacts, chosen: Act, patience: Patience): Patience {
  const own = patience[nameOf(chosen)];
  const worn = wornPatience(facts, chosen, patience);
  return own === undefined ? worn : { ...worn, [nameOf(chosen)]: own };
}

/** The patience with which a run ends: that of what is still to be done. */
export function restingPatience(facts: LaneFacts, patience: Patience): Patience {
  const waiting = new Set(readyActs(facts).map(nameOf));
  return Object.fromEntries(Object.entries(patience).filter(([name]) => waiting.has(name)));
}

/** All that could be done now, most urgent first. */
export function readyActs(facts: LaneFacts): Act[] {
  const walks = RESOURCES.filter((resource) => facts.walking.includes(resource));
  const acts: (Act | false)[] = [
    ...(facts.contactsKnown ? [] : walksOf(walks, 'contacts')),
    facts.matchDue && { do: 'match' },
    ...actsForPeople(facts),
    // A walk that is on meets whatever changes before it ends.
    facts.notices.contacts > 0 && !walks.includes('contacts') && { do: 'pull-contacts' },
    ...DOCUMENT_KINDS.flatMap((kind) => followUp(kind, facts)),
    facts.drifts && { do: 'weigh-drifts' },
    facts.invoicesToCount && { do: 'count-invoices' },
    facts.contactsKnown && facts.pushes.any && { do: 'push', forPerson: false },
    facts.papers.any && { do: 'read-papers', forPerson: false },
    ...walks.map((resource): Act => ({ do: 'sweep', resource })),
    facts.contactsKnown && facts.resync && { do: 'resync' },
    // Last, and not while papers are read: what is still on its way would count as a difference.
    facts.contactsKnown && facts.agreement && !arePapersRead(facts) && { do: 'check-agreement' },
  ];
  const all = acts.filter((act) => act !== false);
  const wanted = distinct(tried(all, facts));
  const isLast = (act: Act) => facts.last.has(nameOf(act));
  return [...wanted.filter((act) => !isLast(act)), ...wanted.filter(isLast)];
}

/** What a pause for background work leaves to people. */
function sparedActs(facts: LaneFacts): Act[] {
  return facts.pauseSparesPeople ? tried(actsForPeople(facts), facts) : [];
}

/** Without those that are set aside. */
function tried(acts: Act[], { aside }: LaneFacts): Act[] {
  return acts.filter((act) => !aside.has(nameOf(act)));
}

/**
 * Few papers are read by their ids, many by one walk over what changed. A walk that is on meets
 * whatever changes meanwhile before it ends, so that nothing is read twice.
 */
function followUp(kind: DocumentKind, { notices: { papers }, walking, aside }: LaneFacts): Act[] {
  const notices = papers[kind];
  if (!notices || notices.waiting === 0 || walking.includes(RESOURCE_OF[kind])) return [];
  const walk: Act = { do: 'sweep', resource: RESOURCE_OF[kind] };
  const isWalk = notices.fresh > noticesToWalk(kind) && !aside.has(nameOf(walk));
  return [isWalk ? walk : { do: 'pull-papers', kind }];
}

function arePapersRead({ walking, papers }: LaneFacts): boolean {
  return papers.any || DOCUMENT_KINDS.some((kind) => walking.includes(RESOURCE_OF[kind]));
}

function actsForPeople(facts: LaneFacts): Act[] {
  const acts: Act[] = [];
  if (facts.contactsKnown && facts.pushes.forPeople) acts.push({ do: 'push', forPerson: true });
  if (facts.papers.forPeople) acts.push({ do: 'read-papers', forPerson: true });
  return acts;
}

function walksOf(walks: readonly Resource[], resource: Resource): Act[] {
  return walks.includes(resource) ? [{ do: 'sweep', resource }] : [];
}

/** While paused, nothing is due before the pause ends, but what people wait for where it spares them. */
function endOfRest({ pausedUntil, pauseSparesPeople, nextDueAt }: LaneFacts): Date {
  if (pausedUntil === null) return nextDueAt;
  return pauseSparesPeople && nextDueAt < pausedUntil ? nextDueAt : pausedUntil;
}

/** One name per kind of work: a push for a person is also the turn of pushes. */
export function nameOf(act: Act): string {
  if (act.do === 'sweep') return `sweep ${act.resource}`;
  return act.do === 'pull-papers' ? `pull ${act.kind}` : act.do;
}

function distinct(acts: Act[]): Act[] {
  const names = new Set<string>();
  return acts.filter((act) => {
    const isNew = !names.has(nameOf(act));
    names.add(nameOf(act));
    return isNew;
  });
}
