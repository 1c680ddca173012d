import { ENTRIES_SHOWN, type InboxEntry, type InboxProblem, ProblemCode } from '#contract/inbox';
import type { Tx } from '#platform/database';
import type { Scope } from '#platform/scope';
import type { SyncDeps } from '../lane/lane-run.ts';
import { causeHash, type Ignore, ignoresOf, placeOf } from './ignore-store.ts';
import { countProblemsOfLinks, problemsPutAside } from './link-problems.ts';
import { PROBLEMS_MAX, type Problem } from './problem.ts';
import { problemsOfOthers, readProblems } from './read-problems.ts';

export interface Weighed {
  problem: Problem;
  /** Null also when it was put aside for another cause than the present one. */
  ignore: Ignore | null;
}

/** All problems with what people said about them. */
export async function weighProblems(deps: SyncDeps, tx: Tx, scope: Scope): Promise<Weighed[]> {
  const problems = await readProblems(deps, tx, scope);
  if (problems.length === 0) return [];
  return weigh(problems, await ignoresOf(tx, scope));
}

/**
 * How many problems nobody has put aside. Those of learners and workplaces, which may be thousands,
 * are counted and not read, but for whoever has something put aside.
 */
export async function countOpen(deps: SyncDeps, tx: Tx, scope: Scope): Promise<number> {
  const ignores = await ignoresOf(tx, scope);
  const others = await problemsOfOthers(deps, tx, scope);
  const aside = ignores.size === 0 ? [] : await problemsPutAside(tx, scope);
  const weighed = weigh([...others, ...aside], ignores);
  const ignored = weighed.filter(({ ignore }) => ignore !== null).length;
  const ofLinks = await countProblemsOfLinks(tx, scope, PROBLEMS_MAX + aside.length);
  return others.length + ofLinks - ignored;
}

function weigh(problems: readonly Problem[], ignores: ReadonlyMap<string, Ignore>): Weighed[] {
  return problems.map((problem) => {
    const ignore = ignores.get(placeOf(problem));
    const stands = ignore?.causeHash === causeHash(problem);
    return { problem, ignore: ignore && stands ? ignore : null };
  });
}

/** The inbox: each cause once, the gravest first, and what was put aside apart from it. */
export async function readInbox(
  deps: SyncDeps,
  tx: Tx,
  scope: Scope,
): Promise<{ problems: InboxProblem[]; ignored: InboxProblem[] }> {
  const weighed = await weighProblems(deps, tx, scope);
  return {
    problems: grouped(weighed.filter(({ ignore }) => ignore === null)),
    ignored: grouped(weighed.filter(({ ignore }) => ignore !== null)),
  };
}

const ORDER = ProblemCode.options;

function grouped(weighed: readonly Weighed[]): InboxProblem[] {
  const groups = [...Map.groupBy(weighed, ({ problem }) => problem.key).values()];
  return groups.map(present).sort((a, b) => ORDER.indexOf(a.code) - ORDER.indexOf(b.code));
}

function present(members: readonly Weighed[]): InboxProblem {
  const [first] = members;
  if (!first) throw new Error('A group has at least one member');
  const { key, code } = first.problem;
  const times = members.flatMap(({ problem }) => problem.since ?? []);
  const since = times.sort((a, b) => a.getTime() - b.getTime())[0] ?? null;
  return {
    key,
    code,
    xeroSays: [...new Set(members.flatMap(({ problem }) => problem.xeroSays))].slice(0, 3),
    since: since?.toISOString() ?? null,
    count: members.length,
    entries: members.slice(0, ENTRIES_SHOWN).map(presentEntry),
  };
}

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
