import type { DriftAct, PartyDrift } from '#contract/drift';
import type { PartyId } from '#contract/ids';
import { permissions, roleMay, rolesThatMay } from '#contract/permissions';
import { aboutParty, type EventOf } from '#events/index';
import { AppError } from '#platform/app-error';
import type { Tx } from '#platform/database';
import { announce } from '#platform/live-updates';
import type { Scope } from '#platform/scope';
import { whoMay } from '#providers/index';
import type { SyncDeps } from '../lane/lane-run.ts';
import { wakeLane } from '../lane/lane-store.ts';
import { saveLinks } from '../links/link-store.ts';
import type { DriftField } from './judge.ts';
import {
  type Differing,
  differingFields,
  findDiffering,
  presentDrift,
  versionOf,
} from './read-drift.ts';
import { askAgain, leaveApart, pushOurs } from './settle-field.ts';
import { takeFrom } from './take.ts';
import { takeTheirs } from './take-theirs.ts';

/** What somebody wants done about fields that differ. */
export interface Decision {
  act: DriftAct;
  fields?: readonly DriftField[] | undefined;
  version: string;
}

/**
 * Carries out what a person decided about fields that differ, stored with what Xero said then.
 *
 * @throws AppError `request.not-found` where nothing differs, or nothing that the act is for,
 *   `request.conflict` when either side has changed since the person looked, `permission.missing` for
 *   taking without the right to edit, `request.invalid` for a field that the act can't be done with
 */
export async function decideDrift(
  deps: SyncDeps,
  tx: Tx,
  scope: Scope,
  partyId: PartyId,
  decision: Decision,
): Promise<PartyDrift | null> {
  if (decision.act === 'take') await requireMayEdit(tx, scope);
  const looked = await requireDiffering(deps, tx, scope, partyId, decision.version);
  const fields = fieldsFor(looked, decision);
  if (fields.length === 0) {
    throw new AppError('request.not-found', 'Nothing that differs is left to decide so.');
  }
  if (decision.act === 'take') await take(deps, tx, scope, looked, fields);
  else await settle(deps, tx, scope, looked, { act: decision.act, fields });
  await announce(tx, scope.providerId, 'sync', [partyId]);
  return presentDrift(await findDiffering(deps, tx, scope, partyId));
}

/** Taking changes the record, which is more than deciding what is sent. */
async function requireMayEdit(tx: Tx, scope: Scope): Promise<void> {
  const { actor } = scope;
  if (actor.kind === 'bursar' || roleMay(actor.role, 'learners.edit')) return;
  const { allows } = permissions['learners.edit'];
  throw new AppError(
    'permission.missing',
    `Only ${rolesThatMay('learners.edit')} may ${allows}, which taking Xero’s value does.`,
    { extras: { whoMay: await whoMay(tx, scope, 'learners.edit') } },
  );
}

async function requireDiffering(
  deps: SyncDeps,
  tx: Tx,
  scope: Scope,
  partyId: PartyId,
  version: string,
): Promise<Differing> {
  const differing = await findDiffering(deps, tx, scope, partyId);
  if (!differing || differingFields(differing).length === 0) {
    throw new AppError('request.not-found', 'Nothing differs from Xero any more.');
  }
  if (versionOf(differing) === version) return differing;
  throw new AppError('request.conflict', 'Xero or the record here has changed since you looked.');
}

/** The fields named, or all with which the act can be done. */
function fieldsFor({ link, ours }: Differing, { act, fields }: Decision): DriftField[] {
  const { seen } = link;
  const ignored = Object.keys(link.accepted) as DriftField[];
  const possible = act === 'ask-again' ? ignored : [...link.drift, ...ignored];
  const wanted = fields ?? (act === 'ask-again' ? ignored : link.drift);
  const strange = wanted.filter((field) => !possible.includes(field));
  if (strange.length > 0) throw notPossible(strange, 'does not differ so');
  if (act !== 'take' || seen === null) return [...wanted];
  const { taken, refused } = takeFrom(ours.party, link.bearsNumber, seen, wanted);
  const [why] = Object.values(refused);
  if ((fields || taken.length === 0) && why !== undefined) {
    throw notPossible(Object.keys(refused), why);
  }
  return taken;
}

function notPossible(fields: readonly string[], message: string): AppError {
  return new AppError('request.invalid', message, {
    extras: { fields: fields.map((field) => ({ field, message })) },
  });
}

/** The learner is locked before the lane, as an edit does it. */
async function take(
  deps: SyncDeps,
  tx: Tx,
  scope: Scope,
  { xeroOrgId, link }: Differing,
  fields: readonly DriftField[],
): Promise<void> {
  const taken = await takeTheirs(deps, tx, scope, {
    xeroOrgId,
    link,
    fields,
    by: 'person',
    holdLane: async () => void (await wakeLane(tx, scope.providerId, xeroOrgId, deps.clock.now())),
  });
  if (taken?.length === fields.length) return;
  throw new AppError('request.conflict', 'Xero or the record here has changed since you looked.');
}

const HOW = { push: 'pushed', ignore: 'ignored', 'ask-again': 'asked-again' } as const;
const SETTLE = { push: pushOurs, ignore: leaveApart, 'ask-again': askAgain };

async function settle(
  deps: SyncDeps,
  tx: Tx,
  scope: Scope,
  looked: Differing,
  { act, fields }: { act: keyof typeof HOW; fields: readonly DriftField[] },
): Promise<void> {
  const { xeroOrgId, link } = looked;
  const now = deps.clock.now();
  await wakeLane(tx, scope.providerId, xeroOrgId, now);
  // Read again under the lane's lock: what was looked at must be what is decided about.
  const { partyId } = link;
  const present = await requireDiffering(deps, tx, scope, partyId, versionOf(looked));
  const settled = SETTLE[act](present.link, present.ours.fields, fields);
  const isSent = act === 'push';
  await saveLinks(tx, scope, [
    {
      ...settled.link,
      isUrgent: settled.link.isUrgent || isSent,
      nextAttemptAt: isSent ? now : settled.link.nextAttemptAt,
      ...(isSent ? { attempts: 0, reasons: [] } : {}),
    },
  ]);
  const event: EventOf<'contact.drift-decided'> = {
    kind: 'contact.drift-decided',
    ...aboutParty(link),
    xeroOrgId,
    how: HOW[act],
    by: 'person',
    changes: settled.changes,
  };
  await deps.events.append(tx, scope, event);
}
