import type { PartyKind, SyncRunId, XeroOrgId } from '#contract/ids';
import {
  type LearnerChoice,
  type LearnerFilter,
  type RunAct,
  type RunKind,
  type RunOutcome,
  type RunState,
  type RunWish,
  runCan,
  type WorkplaceChoice,
} from '#contract/runs';
import type { Actor } from '#platform/scope';
import type { ListWalk, PaperWalk } from '../pull/list-walk.ts';

/** What was asked for, as the run keeps it. */
export interface RunRange {
  /** Of which kind those are whom it names. */
  who: PartyKind;
  /** The list's filter; null: those named one by one, or all with Sync to Xero on. */
  filter: LearnerFilter | null;
  from: string | null;
  to: string | null;
}

/** A run as its row holds it; while it is on, learners are counted among its items. */
export interface Run {
  id: SyncRunId;
  kind: RunKind;
  state: RunState;
  xeroOrgId: XeroOrgId | null;
  organisationName: string | null;
  startedBy: Actor;
  range: RunRange;
  /** `contacts`: they may be read by pages for the learners, which comes before these. */
  step: 'contacts' | 'learners' | 'papers' | 'done';
  /** How far the contacts have been read by pages; null: not begun. */
  contactWalk: ListWalk | null;
  /** How far the papers have been read. */
  walk: PaperWalk | null;
  laneWork: boolean;
  papers: {
    total: number | null;
    read: number;
    found: number;
    added: number;
    changed: number;
    failed: number;
  };
  failure: string | null;
  /** How many learners stood where when it ended; null while it has not. */
  tally: Tally | null;
  createdAt: Date;
  finishedAt: Date | null;
}

/**
 * Learners turned on and not yet in Xero, at most: so that a run can still be paused for those whose
 * turn has not come, and taken back from the others at once.
 */
export const ON_THE_WAY_MAX = 2_000;

export type Stage = 'open' | 'sent' | 'done';

/** One learner or paper of a run. */
export interface Item {
  seq: number;
  subjectKind: 'learner' | 'workplace' | 'document';
  subjectId: string;
  label: string;
  stage: Stage;
  /** The outcome once what was sent has arrived. */
  aim: 'added' | 'changed';
  outcome: RunOutcome | null;
  reason: string | null;
}

/** Why nothing is sent for somebody in a run who has no link that is to be sent. */
export const unlinkedWords = {
  gone: 'It is no longer here.',
  off: 'Sync to Xero is off.',
  turnedOff: 'Sync to Xero was turned off meanwhile.',
  elsewhere: 'Belongs to another Xero organisation.',
  unconnected: 'Waits until Xero is connected again.',
  nowhere: 'Nothing was sent: no Xero organisation takes it.',
};

/** How many learners stand where; from it come progress and counts. */
export interface Tally {
  open: number;
  sent: number;
  done: Partial<Record<RunOutcome, number>>;
}

/** Whether a run in this state can be paused, resumed or cancelled. */
export function mayAct(state: RunState, act: RunAct): boolean {
  return (runCan[act] as readonly RunState[]).includes(state);
}

/** The state that an act leads to. */
export const stateAfter: Record<RunAct, RunState> = {
  pause: 'paused',
  resume: 'running',
  cancel: 'cancelled',
};

/** Whom a wish names; without a choice it means all of that kind with Sync to Xero on. */
export type Named =
  | { who: 'learner'; choice: LearnerChoice | undefined }
  | { who: 'workplace'; choice: WorkplaceChoice | undefined };

/** Whom a wish names; no choice means everybody of that kind with Sync to Xero on. */
export function chosenBy(wish: RunWish): Named {
  if (wish.kind === 'resync-workplaces' || ('workplaces' in wish && wish.workplaces)) {
    return { who: 'workplace', choice: wish.workplaces };
  }
  return { who: 'learner', choice: 'learners' in wish ? wish.learners : undefined };
}

/** The choice of a wish as the run keeps it; days are calendar dates of papers. */
export function rangeOf(wish: RunWish): RunRange {
  const { who, choice } = chosenBy(wish);
  return {
    who,
    filter: choice && 'filter' in choice ? choice.filter : null,
    from: 'from' in wish ? (wish.from ?? null) : null,
    to: 'to' in wish ? (wish.to ?? null) : null,
  };
}

/** What a run is about, in words. */
export function rangeWords(kind: RunKind, range: RunRange, parties: number): string {
  if (kind === 'resync-papers') return paperWords(range);
  if (kind === 'resync-everything') {
    return 'All learners and workplaces with Sync to Xero on, and all papers';
  }
  if (range.from || range.to) return changedWords(range);
  if (range.filter) return filterWords(range.who, range.filter);
  return `${parties.toLocaleString('en-AU')} ${range.who}${parties === 1 ? '' : 's'}`;
}

function paperWords(range: RunRange): string {
  const days = dayRange(range);
  return days === '' ? 'All papers' : `Papers ${days}`;
}

function changedWords(range: RunRange): string {
  const { who, filter } = range;
  const which = filter ? filterWords(who, filter) : who === 'learner' ? 'Learners' : 'Workplaces';
  return `${which}, changed ${dayRange(range)}`;
}

function dayRange({ from, to }: RunRange): string {
  if (from && to) return `from ${dayWords(from)} to ${dayWords(to)}`;
  if (from) return `from ${dayWords(from)} on`;
  return to ? `up to ${dayWords(to)}` : '';
}

const calendar = new Intl.DateTimeFormat('en-AU', {
  day: 'numeric',
  month: 'short',
  year: 'numeric',
  timeZone: 'UTC',
});

/** `2026-02-01` as `1 Feb 2026`, the same in every time zone. */
function dayWords(day: string): string {
  return calendar.format(new Date(`${day}T00:00:00Z`));
}

function filterWords(who: PartyKind, filter: LearnerFilter): string {
  const flag = (value: boolean | undefined, yes: string, no: string) =>
    value === undefined ? '' : value ? yes : no;
  const parts = [
    flag(filter.active, 'active', 'inactive'),
    flag(filter.syncToXero, 'Sync to Xero on', 'Sync to Xero off'),
    flag(filter.owing, 'something owing', 'nothing owing'),
    filter.campus ? `campus ${filter.campus}` : '',
    filter.search ? `“${filter.search}”` : '',
  ].filter((part) => part !== '');
  return parts.length === 0 ? `All ${who}s` : `All ${who}s that match: ${parts.join(', ')}`;
}

/** What a run was, in the words of a sentence: of its notice, its e-mail and its history. */
export const runNames: Record<RunKind, string> = {
  'sync-on': 'Turning Sync to Xero on',
  'sync-off': 'Turning Sync to Xero off',
  'resync-learners': 'The resync of learners',
  'resync-workplaces': 'The resync of workplaces',
  'resync-papers': 'The resync of papers',
  'resync-everything': 'The resync of everything',
};
