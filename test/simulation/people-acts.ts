import { api } from '#contract/api';
import { Winner } from '#contract/drift';
import type { LearnerId } from '#contract/ids';
import type { DeskAct } from './acts.ts';
import type { Desk } from './desk.ts';
import { pickEdit, WORKPLACE_EDITS } from './field-edits.ts';
import { actAtRandom } from './owed-acts.ts';
import type { Random } from './random.ts';

/** What people do at their pages beside editing learners. */
export const peopleActs: Record<string, { weight: number; act: DeskAct }> = {
  'workplace-added': { weight: 1, act: addWorkplace },
  'workplace-edited': { weight: 2, act: editWorkplace },
  'learners-merged': { weight: 2, act: mergeLearners },
  'merge-undone': { weight: 1, act: undoMerge },
  'rules-set': { weight: 1, act: setRules },
  'drift-decided': { weight: 3, act: decideDrift },
  'match-decided': { weight: 2, act: decideMatch },
  'run-started': { weight: 1, act: startRun },
  'run-steered': { weight: 1, act: steerRun },
  'agreement-asked': { weight: 0.5, act: askAgreement },
  'problem-retried': { weight: 1, act: retryProblem },
  'contact-erased': { weight: 0.3, act: eraseContact },
  'burst-of-papers': { weight: 1, act: burst },
};

async function addWorkplace(desk: Desk, random: Random): Promise<void> {
  const body = { name: `Works ${random.whole(8)}`, saveAnyway: true };
  const { id } = await desk.call(api.addWorkplace, { body });
  desk.workplaceIds.push(id);
  await desk.call(api.setWorkplaceSync, {
    params: { workplaceId: id },
    body: { syncToXero: true },
  });
}

async function editWorkplace(desk: Desk, random: Random): Promise<void> {
  if (desk.workplaceIds.length === 0) return;
  const params = { workplaceId: random.pick(desk.workplaceIds) };
  const syncToXero = random.chance(0.7);
  const change = pickEdit(random, WORKPLACE_EDITS);
  const more = random.chance(0.5) ? pickEdit(random, WORKPLACE_EDITS) : {};
  const { revision } = await desk.call(api.getWorkplace, { params });
  const body = { revision, ...change, ...more, saveAnyway: true };
  await desk.call(api.editWorkplace, { params, body });
  await desk.call(api.setWorkplaceSync, { params, body: { syncToXero } });
}

async function mergeLearners(desk: Desk, random: Random): Promise<void> {
  if (desk.learnerIds.length < 2) return;
  // Those who were added lately are still on their way to Xero.
  const lately = desk.learnerIds.slice(-4);
  const [keptId, otherId] = [random.pick(lately), random.pick(lately)];
  const kept = await desk.call(api.getLearner, { params: { learnerId: keptId } });
  const other = await desk.call(api.getLearner, { params: { learnerId: otherId } });
  await desk.call(api.mergeLearners, {
    params: { learnerId: keptId },
    body: { otherLearnerId: otherId, revision: kept.revision, otherRevision: other.revision },
  });
  desk.note(`${other.learnerNumber} into ${kept.learnerNumber}`);
}

async function undoMerge(desk: Desk, random: Random): Promise<void> {
  const learnerId = someId(desk, random);
  if (!learnerId) return;
  const { merges } = await desk.call(api.listLearnerMerges, { params: { learnerId } });
  const [last] = merges;
  if (!last?.mayUndo) return;
  await desk.call(api.undoLearnerMerge, { params: { learnerId, mergeId: last.id } });
  desk.note(`${last.merged.learnerNumber} is apart from ${last.kept.learnerNumber} again`);
}

function someId(desk: Desk, random: Random): LearnerId | null {
  return desk.learnerIds.length === 0 ? null : random.pick(desk.learnerIds);
}

const RULED = ['name', 'email', 'mobile', 'home', 'work', 'street', 'postal'] as const;

async function setRules(desk: Desk, random: Random): Promise<void> {
  const rules = Object.fromEntries(RULED.map((field) => [field, random.pick(Winner.options)]));
  await desk.call(api.setSyncRules, { body: { rules } } as never);
}

/** About whoever differs from Xero, if somebody does. */
async function decideDrift(desk: Desk, random: Random): Promise<void> {
  const act = random.pick(['take', 'push', 'ignore', 'ask-again'] as const);
  for (const partyId of shuffled([...desk.learnerIds, ...desk.workplaceIds], random)) {
    const { drift } = await desk.call(api.partyDrift, { params: { partyId } });
    if (!drift) continue;
    const body = { act, version: drift.version };
    await desk.call(api.decideDrift, { params: { partyId }, body });
    return;
  }
}

/** Of whoever waits for it, if somebody does. */
async function decideMatch(desk: Desk, random: Random): Promise<void> {
  const links = random.chance(0.5);
  for (const learnerId of shuffled(desk.learnerIds, random)) {
    const params = { learnerId };
    const { open } = await desk.call(api.learnerMatch, { params });
    if (!open) continue;
    const [first] = open.candidates;
    const isLink = links && first !== undefined;
    const body = {
      xeroOrgId: open.xeroOrgId,
      decision: isLink ? ('link' as const) : ('create' as const),
      ...(isLink ? { contactId: first.contact.contactId } : {}),
    };
    await desk.call(api.decideLearnerMatch, { params, body });
    return;
  }
}

function shuffled<Row>(rows: readonly Row[], random: Random): Row[] {
  const left = [...rows];
  return rows.flatMap(() => left.splice(random.whole(left.length), 1));
}

async function startRun(desk: Desk, random: Random): Promise<void> {
  const learners = { filter: {} };
  const body = random.pick([
    { kind: 'sync-on', learners },
    { kind: 'resync-learners' },
    { kind: 'resync-papers' },
    { kind: 'resync-everything' },
  ] as const);
  await desk.call(api.startSyncRun, { body });
}

async function steerRun(desk: Desk, random: Random): Promise<void> {
  const act = random.pick(['pause', 'resume', 'resume', 'cancel'] as const);
  const { items } = await desk.call(api.listSyncRuns, { query: {} });
  const [last] = items;
  if (last) await desk.call(api.steerSyncRun, { params: { runId: last.id, act } });
}

async function askAgreement(desk: Desk, random: Random): Promise<void> {
  const way = random.pick(['counts', 'everything'] as const);
  await desk.call(api.checkAgreement, { body: { xeroOrgId: desk.xeroOrgId as never, way } });
}

async function retryProblem(desk: Desk, random: Random): Promise<void> {
  const { problems } = await desk.call(api.syncInbox, {});
  if (problems.length === 0) return;
  await desk.call(api.retryProblem, { body: { key: random.pick(problems).key } });
}

/** Someone asks Xero to erase a person. */
function eraseContact({ keeper }: Desk, random: Random): void {
  const active = keeper.books.contacts.all().filter(({ status }) => status === 'ACTIVE');
  if (active.length === 0) return;
  keeper.requestErasure(random.pick(active).id);
}

/** A bookkeeper's import: many papers change within the same second. */
function burst({ keeper }: Desk, random: Random): void {
  const contactIds = keeper.books.contacts
    .all()
    .filter(({ status }) => status === 'ACTIVE')
    .map(({ id }) => id);
  if (contactIds.length === 0) return;
  for (let left = 6 + random.whole(8); left > 0; left -= 1) {
    actAtRandom({ keeper, contactIds, random: () => random.next() });
  }
}
