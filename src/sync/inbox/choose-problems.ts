import type { PartyId, XeroOrgId } from '#contract/ids';
import type { Tx } from '#platform/database';
import type { Scope } from '#platform/scope';
import type { SyncDeps } from '../lane/lane-run.ts';
import { type Weighed, weigh } from './ignore-store.ts';
import { type LinkPlace, walkProblems } from './link-problems.ts';
import { linkKindOf, type Problem } from './problem.ts';
import { problemsOfOthers } from './read-problems.ts';

/** Which problems somebody acts on. */
export interface Which {
  key: string;
  /** Left out: all that have this cause. */
  subjectIds?: readonly string[] | undefined;
}

/** Problems that are acted on at once: a group may have as many as there are learners. */
const AT_ONCE = 2_000;

/** Some of what was chosen, and from where it goes on; null: these were the last. */
export interface Chosen<One = Weighed> {
  some: One[];
  next: LinkPlace | null;
}

/** The next of the problems that have one cause, those that were put aside among them. */
export async function chooseSome(
  deps: SyncDeps,
  tx: Tx,
  scope: Scope,
  which: Which,
  from: LinkPlace | null,
): Promise<Chosen> {
  const { some, next } = await readSome(deps, tx, scope, which, from);
  return { some: await weigh(tx, scope, some), next };
}

/** All of them, batch by batch, as they are. Names of learners and workplaces are not asked for. */
export async function* chooseAll(
  deps: SyncDeps,
  tx: Tx,
  scope: Scope,
  which: Which,
): AsyncGenerator<Problem[]> {
  for (let from: LinkPlace | null = null; ; ) {
    const { some, next }: Chosen<Problem> = await readSome(deps, tx, scope, which, from);
    yield some;
    if (next === null) return;
    from = next;
  }
}

async function readSome(
  deps: SyncDeps,
  tx: Tx,
  scope: Scope,
  which: Which,
  from: LinkPlace | null,
): Promise<Chosen<Problem>> {
  const isMeant = (problem: Problem) => problem.key === which.key;
  const kind = linkKindOf(which.key);
  if (kind === null) {
    const wanted = which.subjectIds && new Set(which.subjectIds);
    const some = (await problemsOfOthers(deps, tx, scope))
      .filter(isMeant)
      .filter(({ subjectId }) => wanted === undefined || wanted.has(subjectId));
    return { some, next: null };
  }
  const some: Problem[] = [];
  for (let after = from; ; ) {
    const page = { after, limit: AT_ONCE, subjectIds: which.subjectIds };
    const read = await walkProblems(tx, scope, kind, page);
    some.push(...read.filter(isMeant));
    after = placeOf(read.at(-1));
    const isLast = read.length < AT_ONCE || after === null;
    if (isLast || some.length >= AT_ONCE) return { some, next: isLast ? null : after };
  }
}

function placeOf(problem: Problem | undefined): LinkPlace | null {
  if (!problem?.xeroOrgId) return null;
  return { xeroOrgId: problem.xeroOrgId as XeroOrgId, partyId: problem.subjectId as PartyId };
}
