import { z } from 'zod';
import { plus } from '#platform/clock';
import { retryDelay } from '../links/contact-link.ts';
import type { Lane } from './lane-store.ts';

/** An act that Xero refuses as wrong, by its name: it is set aside and holds up nothing else. */
const AsideActs = z.record(
  z.string(),
  z.object({
    since: z.coerce.date(),
    until: z.coerce.date(),
    /** Refusals in a row. */
    times: z.int(),
    xeroSays: z.string(),
  }),
);
export type AsideActs = z.infer<typeof AsideActs>;

export function asideOf(lane: Pick<Lane, 'set_aside'>): AsideActs {
  return AsideActs.parse(lane.set_aside);
}

/** With one more refusal of an act, which is tried again ever more seldom, at least hourly. */
export function withRefusal(
  aside: AsideActs,
  name: string,
  { xeroSays, now }: { xeroSays: string; now: Date },
): AsideActs {
  const { since = now, times = 0 } = aside[name] ?? {};
  const refused = { since, times: times + 1, until: plus(now, retryDelay(times + 1)), xeroSays };
  return { ...aside, [name]: refused };
}

export function without(aside: AsideActs, name: string): AsideActs {
  return Object.fromEntries(Object.entries(aside).filter(([other]) => other !== name));
}

/** All of them tried again from now on. */
export function triedAgain(aside: AsideActs, now: Date): AsideActs {
  return Object.fromEntries(
    Object.entries(aside).map(([name, act]) => [name, { ...act, until: now }]),
  );
}

/** The names of those that are not to be tried yet. */
export function heldBack(aside: AsideActs, now: Date): ReadonlySet<string> {
  const held = Object.entries(aside).filter(([, { until }]) => until > now);
  return new Set(held.map(([name]) => name));
}

/** When the next of them is tried again; null: none is held back. */
export function nextTry(aside: AsideActs, now: Date): Date | null {
  const times = Object.values(aside).map(({ until }) => until.getTime());
  const later = times.filter((time) => time > now.getTime());
  return later.length === 0 ? null : new Date(Math.min(...later));
}

/** A refusal that was followed by another one is told to people; a single one is nobody's problem. */
const TOLD_FROM = 2;

/** What people are told: what can't be done, since when, and Xero's own words; null: nothing. */
export function refusalToTell(
  aside: AsideActs,
): { reasons: string[]; xeroSays: string[]; since: Date } | null {
  const told = Object.entries(aside).filter(([, { times }]) => times >= TOLD_FROM);
  if (told.length === 0) return null;
  const since = Math.min(...told.map(([, act]) => act.since.getTime()));
  return {
    reasons: [...new Set(told.map(([name]) => `${wordsOf(name)}.`))].sort(),
    xeroSays: [...new Set(told.map(([, { xeroSays }]) => xeroSays))],
    since: new Date(since),
  };
}

const WORDS: Record<string, string> = {
  push: 'Sending learners and workplaces',
  'pull-contacts': 'Reading contacts',
  'check-agreement': 'Comparing both sides',
  'sweep batches': 'Reading which payments were made together',
  'sweep settings': 'Reading the settings of the books',
};

function wordsOf(name: string): string {
  const noun = name.replace(/^(sweep all-|sweep |pull )/, '').replace('-', ' ');
  return WORDS[name] ?? `Reading ${noun.replace(/s?$/, 's')}`;
}
