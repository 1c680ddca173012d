import type { LearnerId, PartyId, PartyKind, WorkplaceId } from '#contract/ids';
import { displayName } from '#contract/learners';
import { AppError } from '#platform/app-error';
import type { Tx } from '#platform/database';
import type { Scope } from '#platform/scope';

async function learnerNames(
  tx: Tx,
  scope: Scope,
  ids: readonly LearnerId[],
): Promise<ReadonlyMap<string, string>> {
  if (ids.length === 0) return new Map();
  const rows = await tx
    .selectFrom('learners')
    .select(['id', 'first_name', 'last_name', 'preferred_name'])
    .where('provider_id', '=', scope.providerId)
    .where('id', 'in', [...new Set(ids)])
    .execute();
  const nameOf = (row: (typeof rows)[number]) =>
    displayName({
      firstName: row.first_name,
      lastName: row.last_name,
      preferredName: row.preferred_name,
    });
  return new Map(rows.map((row) => [row.id, nameOf(row)]));
}

async function workplaceNames(
  tx: Tx,
  scope: Scope,
  ids: readonly WorkplaceId[],
): Promise<ReadonlyMap<string, string>> {
  if (ids.length === 0) return new Map();
  const rows = await tx
    .selectFrom('workplaces')
    .select(['id', 'name'])
    .where('provider_id', '=', scope.providerId)
    .where('id', 'in', [...new Set(ids)])
    .execute();
  return new Map(rows.map((row) => [row.id, row.name]));
}

/** Whose papers are asked for. */
export interface Whose {
  partyKind: PartyKind;
  partyId: PartyId;
}

/**
 * The names of these learners and workplaces; who is not among them is not there. Billing and they
 * are rooms of one rank, so a paper knows its party by id alone and the name is asked of the
 * database.
 */
export async function partyNames(
  tx: Tx,
  scope: Scope,
  parties: readonly Whose[],
): Promise<ReadonlyMap<string, string>> {
  const of = (kind: PartyKind) =>
    parties.filter((one) => one.partyKind === kind).map((one) => one.partyId);
  const learners = await learnerNames(tx, scope, of('learner') as LearnerId[]);
  const workplaces = await workplaceNames(tx, scope, of('workplace') as WorkplaceId[]);
  return new Map([...learners, ...workplaces]);
}

/**
 * The party's name. A wrong address would otherwise look like somebody without invoices.
 * @throws AppError `request.not-found`
 */
export async function requireParty(tx: Tx, scope: Scope, whose: Whose): Promise<string> {
  const name = (await partyNames(tx, scope, [whose])).get(whose.partyId);
  if (name !== undefined) return name;
  throw new AppError('request.not-found', `There is no ${whose.partyKind} at this address.`);
}
