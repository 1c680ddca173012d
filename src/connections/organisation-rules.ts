import type { XeroOrgId } from '#contract/ids';
import {
  type Campus,
  campusKey,
  type OrganisationRules,
  organisationFor,
} from '#contract/organisations';
import { AppError } from '#platform/app-error';
import type { Tx } from '#platform/database';
import { announce } from '#platform/live-updates';
import type { Scope } from '#platform/scope';
import { lockLiveConnections } from './connection-store.ts';
import type { ConnectionsDeps } from './deps.ts';
import {
  connectedOrganisations,
  countCampuses,
  knownOrganisations,
  readRules,
  writeRules,
} from './organisation-store.ts';

/** What decides which organisation a learner belongs to; see `organisationFor`. */
export interface Routing {
  rules: OrganisationRules;
  connected: ReadonlySet<XeroOrgId>;
}

/**
 * Reads what decides. Whoever changes the rules by it has taken `lockLiveConnections` before, since
 * connecting and disconnecting change it too.
 */
export async function readRouting(tx: Tx, scope: Scope): Promise<Routing> {
  return { rules: await readRules(tx, scope), connected: await connectedOrganisations(tx, scope) };
}

/** The rules as they stand, and the campuses that learners are at. */
export function showRules(
  deps: Pick<ConnectionsDeps, 'database'>,
  scope: Scope,
): Promise<{ rules: OrganisationRules; campuses: Campus[] }> {
  return deps.database.asProvider(scope.providerId, async (tx) => {
    const { rules, connected } = await readRouting(tx, scope);
    const campuses = await countCampuses(tx, scope);
    return {
      rules,
      campuses: campuses.map((one) => ({
        ...one,
        xeroOrgId: organisationFor(one, rules, connected),
      })),
    };
  });
}

/**
 * Puts new rules in place; learners who belong elsewhere now are moved in the same transaction.
 * @throws AppError `request.invalid` for an organisation that is not connected and was not named
 *   before, or for a campus named twice
 */
export function setRules(
  deps: Pick<ConnectionsDeps, 'database' | 'events'>,
  scope: Scope,
  rules: OrganisationRules,
): Promise<OrganisationRules> {
  return deps.database.asProvider(scope.providerId, async (tx) => {
    // Whoever connects or disconnects meanwhile waits, or these rules could be about the past.
    await lockLiveConnections(tx, scope, 'xero');
    const { rules: before, connected } = await readRouting(tx, scope);
    refuseUnknown(rules, new Set([...connected, ...namedBy(before)]));
    refuseTwice(rules);
    if (JSON.stringify(before) === JSON.stringify(rules)) return before;
    await changeRules(deps, tx, scope, rules);
    return rules;
  });
}

/** Writes rules, says so in the log, and has those learners moved whom they concern. */
export async function changeRules(
  deps: Pick<ConnectionsDeps, 'events'>,
  tx: Tx,
  scope: Scope,
  rules: OrganisationRules,
): Promise<void> {
  await writeRules(tx, scope, rules);
  const known = await knownOrganisations(tx, scope);
  const nameOf = (id: XeroOrgId) => known.find(({ xeroOrgId }) => xeroOrgId === id)?.name ?? id;
  const standard = rules.defaultXeroOrgId;
  await deps.events.append(tx, scope, {
    kind: 'organisation-rules.changed',
    rules: [
      ...(standard === null ? [] : [{ campus: null, organisation: nameOf(standard) }]),
      ...rules.campuses.map(({ campus, xeroOrgId }) => ({
        campus,
        organisation: nameOf(xeroOrgId),
      })),
    ],
  });
  await announce(tx, scope.providerId, 'connections', []);
  await announce(tx, scope.providerId, 'learners', []);
}

/**
 * The rules once an organisation is connected. It takes the place of the one that makes way, and is
 * the default of a provider that has none, or that never kept several.
 */
export function rulesWith(
  rules: OrganisationRules,
  xeroOrgId: XeroOrgId,
  present: { others: ReadonlySet<XeroOrgId>; madeWay: XeroOrgId | null },
): OrganisationRules {
  const { others, madeWay } = present;
  const moved = (id: XeroOrgId) => (id === madeWay ? xeroOrgId : id);
  const standard = rules.defaultXeroOrgId === null ? xeroOrgId : moved(rules.defaultXeroOrgId);
  const isOnly = others.size === 0 && rules.campuses.length === 0;
  return {
    defaultXeroOrgId: isOnly ? xeroOrgId : standard,
    campuses: rules.campuses.map((rule) => ({ ...rule, xeroOrgId: moved(rule.xeroOrgId) })),
  };
}

function namedBy(rules: OrganisationRules): XeroOrgId[] {
  const byCampus = rules.campuses.map(({ xeroOrgId }) => xeroOrgId);
  return rules.defaultXeroOrgId === null ? byCampus : [rules.defaultXeroOrgId, ...byCampus];
}

function refuseUnknown(rules: OrganisationRules, known: ReadonlySet<XeroOrgId>): void {
  if (rules.defaultXeroOrgId !== null && !known.has(rules.defaultXeroOrgId)) {
    throw invalid('defaultXeroOrgId', 'This organisation is not connected.');
  }
  rules.campuses.forEach(({ xeroOrgId }, index) => {
    if (known.has(xeroOrgId)) return;
    throw invalid(`campuses.${index}.xeroOrgId`, 'This organisation is not connected.');
  });
}

function refuseTwice({ campuses }: OrganisationRules): void {
  const keys = campuses.map(({ campus }) => campusKey(campus));
  const twice = keys.findIndex((key, index) => keys.indexOf(key) !== index);
  if (twice === -1) return;
  throw invalid(`campuses.${twice}.campus`, 'This campus has a rule already.');
}

function invalid(field: string, message: string): AppError {
  return new AppError('request.invalid', message, { extras: { fields: [{ field, message }] } });
}
