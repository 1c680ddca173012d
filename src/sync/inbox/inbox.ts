import { ENTRIES_SHOWN, type InboxEntry, type InboxProblem, ProblemCode } from '#contract/inbox';
import type { Tx } from '#platform/database';
import type { Scope } from '#platform/scope';
import type { SyncDeps } from '../lane/lane-run.ts';
import { type Weighed, weigh } from './ignore-store.ts';
import {
  countProblemsOfLinks,
  countPutAside,
  type ProblemsAlike,
  problemsOfLinks,
} from './link-problems.ts';
import type { Problem } from './problem.ts';
import { labelled } from './problem-labels.ts';
import { problemsOfOthers } from './read-problems.ts';

/**
 * How many problems nobody has put aside. Those of learners and workplaces, which may be many
 * thousands, are counted and not read.
 */
export async function countOpen(deps: SyncDeps, tx: Tx, scope: Scope): Promise<number> {
  const others = await weigh(tx, scope, await problemsOfOthers(deps, tx, scope));
  const ofOthers = others.filter(({ ignore }) => ignore === null).length;
  const ofLinks = await countProblemsOfLinks(tx, scope);
  return ofOthers + ofLinks - (await countPutAside(tx, scope));
}

/** A cause with all it concerns, of which the first are at hand. */
interface Group extends Pick<Problem, 'code' | 'key' | 'xeroSays' | 'since'> {
  isPutAside: boolean;
  count: number;
  newest: Problem[];
}

/** The inbox: each cause once, the gravest first, and what was put aside apart from it. */
export async function readInbox(
  deps: SyncDeps,
  tx: Tx,
  scope: Scope,
): Promise<{ problems: InboxProblem[]; ignored: InboxProblem[] }> {
  const others = await weigh(tx, scope, await problemsOfOthers(deps, tx, scope));
  const groups = grouped([...(await problemsOfLinks(tx, scope)), ...others.map(alone)]);
  const newest = groups.flatMap((group) => group.newest);
  const weighed = await weigh(tx, scope, await labelled(deps, tx, scope, newest));
  const entries = Map.groupBy(weighed, ({ problem, ignore }) =>
    placeOf(problem.key, ignore !== null),
  );
  const shown = (isPutAside: boolean) =>
    groups
      .filter((group) => group.isPutAside === isPutAside)
      .map((group) => present(group, entries.get(placeOf(group.key, isPutAside)) ?? []));
  return { problems: shown(false), ignored: shown(true) };
}

/** One that stands for itself. */
function alone({ problem, ignore }: Weighed): ProblemsAlike {
  return { ...problem, isPutAside: ignore !== null, count: 1, newest: [problem] };
}

const ORDER = ProblemCode.options;

const placeOf = (key: string, isPutAside: boolean) => `${key} ${isPutAside}`;

function grouped(alike: readonly ProblemsAlike[]): Group[] {
  const sorted = alike.toSorted((a, b) => timeOf(b.newest[0]) - timeOf(a.newest[0]));
  const groups = Map.groupBy(sorted, ({ key, isPutAside }) => placeOf(key, isPutAside));
  return [...groups.values()]
    .map(joined)
    .sort((a, b) => ORDER.indexOf(a.code) - ORDER.indexOf(b.code));
}

function joined(members: readonly ProblemsAlike[]): Group {
  const [first] = members;
  if (!first) throw new Error('A group has at least one member');
  const { code, key, isPutAside } = first;
  const times = members.flatMap(({ since }) => since ?? []);
  const newest = members
    .flatMap((one) => one.newest)
    .sort((a, b) => timeOf(b) - timeOf(a))
    .slice(0, ENTRIES_SHOWN);
  return {
    code,
    key,
    isPutAside,
    xeroSays: [...new Set(members.flatMap(({ xeroSays }) => xeroSays))].slice(0, 3),
    since: times.sort((a, b) => a.getTime() - b.getTime())[0] ?? null,
    count: members.reduce((sum, { count }) => sum + count, 0),
    newest,
  };
}

function timeOf(problem: Problem | undefined): number {
  return problem?.since?.getTime() ?? 0;
}

function present(group: Group, entries: readonly Weighed[]): InboxProblem {
  const { key, code, xeroSays, since, count } = group;
  return {
    key,
    code,
    xeroSays,
    since: since?.toISOString() ?? null,
    count,
    entries: entries.map(presentEntry),
  };
}

/**
 * One subject of a problem as the inbox shows it. Labels have been looked up before (`labelled`).
 */
export function presentEntry({ problem, ignore }: Weighed): InboxEntry {
  return {
    subjectId: problem.subjectId,
    partyKind: problem.partyKind ?? null,
    label: problem.label,
    xeroOrgId: problem.xeroOrgId,
    since: problem.since?.toISOString() ?? null,
    reasons: problem.reasons,
    ignored: ignore && { note: ignore.note, by: ignore.by, at: ignore.at.toISOString() },
  };
}
