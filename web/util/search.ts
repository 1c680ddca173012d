import { CONSENT_OUTCOMES, type ConsentOutcome } from '#contract/connections';
import { LEARNER_SORTS } from '#contract/learners';
import { SOUGHT_MAX } from '#contract/text';
import { XERO_SIGN_IN_OUTCOMES, type XeroSignInOutcome } from '#contract/xero-sign-in';

type Raw = Record<string, unknown>;

/** The learner list's place in the address bar, so that a view can be shared and gone back to. */
export interface LearnersSearch {
  search?: string;
  active?: boolean;
  sync?: boolean;
  owing?: boolean;
  campus?: string;
  sort?: (typeof LEARNER_SORTS)[number];
  direction?: 'asc' | 'desc';
}

/**
 * Reads the list of learners from an address. Whatever makes no sense is left out rather than
 * refused, and so is `asc`, the order that is meant when none is named.
 */
export function learnersSearch(raw: Raw): LearnersSearch {
  const sort = LEARNER_SORTS.find((known) => known === raw.sort);
  return {
    ...(textOf(raw.search) ? { search: textOf(raw.search).slice(0, SOUGHT_MAX) } : {}),
    ...flag('active', raw.active),
    ...flag('sync', raw.sync),
    ...flag('owing', raw.owing),
    ...(textOf(raw.campus) ? { campus: textOf(raw.campus).slice(0, SOUGHT_MAX) } : {}),
    ...(sort ? { sort } : {}),
    ...(raw.direction === 'desc' ? { direction: 'desc' } : {}),
  };
}

/** The list of workplaces in the address bar. */
export type WorkplacesSearch = Pick<LearnersSearch, 'search' | 'active' | 'sync' | 'direction'>;

/**
 * Reads the list of workplaces from an address, as that of learners but with fewer filters and one
 * order alone, by name.
 */
export function workplacesSearch(raw: Raw): WorkplacesSearch {
  const { owing: _owing, campus: _campus, sort: _sort, ...view } = learnersSearch(raw);
  return view;
}

export const WORKPLACE_TABS = ['details', 'learners', 'invoices', 'statement', 'history'] as const;

/** Which tab of a workplace is open, and whether a link asks to choose its contact anew at once. */
export function workplaceSearch(raw: Raw): {
  tab?: (typeof WORKPLACE_TABS)[number];
  act?: 'relink';
} {
  const tab = WORKPLACE_TABS.find((known) => known === raw.tab);
  return { ...(tab ? { tab } : {}), ...(raw.act === 'relink' ? { act: raw.act } : {}) };
}

export const LEARNER_TABS = ['details', 'invoices', 'statement', 'history'] as const;
export type LearnerTab = (typeof LEARNER_TABS)[number];

const DAY = /^\d{4}-\d{2}-\d{2}$/;

/** The time a statement is about; what is no day is left out. */
export function statementSearch(raw: Raw): { from?: string; to?: string } {
  const day = (name: 'from' | 'to') => {
    const text = raw[name];
    return typeof text === 'string' && DAY.test(text) ? { [name]: text } : {};
  };
  return { ...day('from'), ...day('to') };
}

/** What a link asks a profile to open at once. */
const LEARNER_ACTS = ['merge', 'relink'] as const;

/** Which tab of a learner is open (absent: the first), and which act a link asks for at once. */
export function learnerSearch(raw: Raw): {
  tab?: LearnerTab;
  act?: (typeof LEARNER_ACTS)[number];
} {
  const tab = LEARNER_TABS.find((known) => known === raw.tab);
  const act = LEARNER_ACTS.find((known) => known === raw.act);
  return { ...(tab ? { tab } : {}), ...(act ? { act } : {}) };
}

/** Where to go after signing in: only an address of these pages, never of another site. */
export interface SignInSearch {
  next?: string;
  /** `code`: the password or Xero is done, the second factor comes next. */
  step?: 'code';
  xero?: XeroSignInOutcome;
}

/**
 * Reads where to go after signing in: `//` and `/\` at the start of `next` would lead a browser to
 * another site.
 */
export function signInSearch(raw: Raw): SignInSearch {
  const next = textOf(raw.next);
  return {
    ...(/^\/(?![/\\])/.test(next) ? { next } : {}),
    ...(raw.step === 'code' ? { step: 'code' } : {}),
    ...securitySearch(raw),
  };
}

/** How the way through Xero ended for whoever comes back from it to sign in or tie an account. */
export function securitySearch(raw: Raw): { xero?: XeroSignInOutcome } {
  const xero = XERO_SIGN_IN_OUTCOMES.find((known) => known === raw.xero);
  return xero ? { xero } : {};
}

export interface ConsentSearch {
  outcome?: ConsentOutcome;
  connection?: string;
}

/**
 * How connecting ended, for the pages that follow it. `connection` is taken as it stands: the
 * server is asked about it, and says when there is none.
 */
export function consentSearch(raw: Raw): ConsentSearch {
  const outcome = CONSENT_OUTCOMES.find((known) => known === raw.outcome);
  return {
    ...(outcome ? { outcome } : {}),
    ...(textOf(raw.connection) ? { connection: textOf(raw.connection) } : {}),
  };
}

function textOf(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

function flag<Name extends string>(name: Name, value: unknown): { [K in Name]?: boolean } {
  const on = value === true || value === 'true';
  const off = value === false || value === 'false';
  return on || off ? ({ [name]: on } as { [K in Name]: boolean }) : {};
}
