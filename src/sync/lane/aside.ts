import { z } from 'zod';
import { plus } from '#platform/clock';
import { retryDelay } from '../links/contact-link.ts';
import type { Lane } from './lane-store.ts';

/** How an act did not come about. */
const How = z.enum([
  /** Xero refuses it as wrong. */
  'refused',
  /** No answer, or an error of Xero's own. */
  'down',
  /** The same, while other acts have been answered since it began. */
  'alone-down',
]);

/** Acts that did not come about when last tried, by their names. */
const AsideActs = z.record(
  z.string(),
  z.object({
    since: z.coerce.date(),
    until: z.coerce.date(),
    /** Failures in a row. */
    times: z.int(),
    how: How.default('refused'),
    xeroSays: z.string(),
  }),
);
export type AsideActs = z.infer<typeof AsideActs>;
type AsideAct = AsideActs[string];

/** What goes down so often in a row lets the others go first: Xero may fail at nothing else. */
const DOWN_TRIES = 3;

/** All acts that did not come about when last tried. */
export function failingOf(lane: Pick<Lane, 'set_aside'>): AsideActs {
  return AsideActs.parse(lane.set_aside);
}

/** Those that are set aside: they hold up nothing else. */
export function asideOf(lane: Pick<Lane, 'set_aside'>): AsideActs {
  return asideAmong(failingOf(lane));
}

/** Those of these acts that are set aside. */
export function asideAmong(acts: AsideActs): AsideActs {
  return only(acts, ({ how, times }) => how === 'refused' || times >= DOWN_TRIES);
}

function only(acts: AsideActs, isWanted: (act: AsideAct, name: string) => boolean): AsideActs {
  return Object.fromEntries(Object.entries(acts).filter(([name, act]) => isWanted(act, name)));
}

/** With one more failure of an act, which is tried again ever more seldom, at least hourly. */
export function withFailure(
  acts: AsideActs,
  name: string,
  { how, xeroSays, now }: { how: AsideAct['how']; xeroSays: string; now: Date },
): AsideActs {
  const { since = now, times = 0 } = acts[name] ?? {};
  const failed = {
    since,
    times: times + 1,
    until: plus(now, retryDelay(times + 1)),
    how,
    xeroSays,
  };
  return { ...acts, [name]: failed };
}

/**
 * Whether something else was answered since an act began to go down: each failure of a lane counts
 * until the next success.
 */
export function isDownAlone(acts: AsideActs, name: string, failuresOfLane: number): boolean {
  return failuresOfLane < (acts[name]?.times ?? 0);
}

/** Without one that has come about. */
export function without(acts: AsideActs, name: string): AsideActs {
  return only(acts, (_, other) => other !== name);
}

/** Without acts of which it is known that there is nothing to do: it came about some other way. */
export function stillToDo(acts: AsideActs, toDo: Readonly<Record<string, boolean>>): AsideActs {
  return only(acts, (_, name) => toDo[name] ?? true);
}

/** All of them tried again from now on. */
export function triedAgain(acts: AsideActs, now: Date): AsideActs {
  return Object.fromEntries(
    Object.entries(acts).map(([name, act]) => [name, { ...act, until: now }]),
  );
}

/** The names of those that are not to be tried yet. */
export function heldBack(aside: AsideActs, now: Date): ReadonlySet<string> {
  return namesOf(only(aside, ({ until }) => until > now));
}

/** The names of those that let all others go first when they are tried. */
export function putLast(aside: AsideActs): ReadonlySet<string> {
  return namesOf(only(aside, ({ how }) => how !== 'refused'));
}

function namesOf(acts: AsideActs): ReadonlySet<string> {
  return new Set(Object.keys(acts));
}

/** When the next of them is tried again; null: none is held back. */
export function nextTry(aside: AsideActs, now: Date): Date | null {
  const times = Object.values(aside).map(({ until }) => until.getTime());
  const later = times.filter((time) => time > now.getTime());
  return later.length === 0 ? null : new Date(Math.min(...later));
}

/**
 * A refusal that was followed by another one is told to people; a single one is nobody's problem.
 * What goes down is told when it is waited for a quarter of an hour, as pauses are; that Xero is
 * down as a whole is told as a pause of the lane.
 */
const TOLD_FROM: Record<AsideAct['how'], number> = {
  refused: 2,
  down: Number.POSITIVE_INFINITY,
  'alone-down': 7,
};

/** What people are told: what can't be done, since when, and Xero's own words; null: nothing. */
export function refusalToTell(
  aside: AsideActs,
): { reasons: string[]; xeroSays: string[]; since: Date } | null {
  const told = Object.entries(aside).filter(([, { how, times }]) => times >= TOLD_FROM[how]);
  if (told.length === 0) return null;
  const since = Math.min(...told.map(([, act]) => act.since.getTime()));
  return {
    reasons: [...new Set(told.map(([name]) => `${wordsOf(name)}.`))].sort(),
    xeroSays: [...new Set(told.map(([, { xeroSays }]) => xeroSays))],
    since: new Date(since),
  };
}

/** Readings by which papers come home. */
const OF_PAPERS =
  /^(read-papers$|pull |sweep ((all-)?(invoices|credit-notes|prepayments|overpayments)|payments)$)/;
const OF_CONTACTS = /^(pull-contacts$|sweep (all-)?contacts$)/;

/** Those of these acts that read papers and what settles them; with `alsoContacts` contacts as well. */
export function readingsAmong(
  acts: AsideActs,
  { alsoContacts }: { alsoContacts: boolean },
): AsideActs {
  return only(acts, (_, name) => OF_PAPERS.test(name) || (alsoContacts && OF_CONTACTS.test(name)));
}

/** What is said of acts that are set aside where somebody misses what they bring. */
export function asideWords(acts: AsideActs): string[] {
  const said = Object.entries(acts).map(
    ([name, { xeroSays }]) => `${wordsOf(name)} does not come about. Xero says: ${xeroSays}`,
  );
  return [...new Set(said)].sort();
}

const WORDS: Record<string, string> = {
  push: 'Sending learners and workplaces',
  'read-papers': 'Reading the papers of contacts',
  'pull-contacts': 'Reading contacts',
  'count-invoices': 'Counting invoices of contacts that may be somebody’s here',
  resync: 'Resyncing',
  'check-agreement': 'Comparing both sides',
  'sweep batches': 'Reading which payments were made together',
  'sweep settings': 'Reading the settings of the books',
};

function wordsOf(name: string): string {
  const noun = name.replace(/^(sweep all-|sweep |pull )/, '').replace('-', ' ');
  return WORDS[name] ?? `Reading ${noun.replace(/s?$/, 's')}`;
}
