import type { ConnectionId } from '#contract/ids';
import { newId } from '#platform/ids';
import { announce } from '#platform/live-updates';
import type { Scope } from '#platform/scope';
import type { XeroConnection } from '#xero/index';
import { abandonChoice } from './abandon-choice.ts';
import { describe } from './activate.ts';
import { type Choice, insertChoices } from './choice-store.ts';
import { insertChoosing, listConnections } from './connection-store.ts';
import type { AnsweredConsent, Decision } from './decide-organisation.ts';
import type { ConnectionsDeps } from './deps.ts';

/** Organisations described at once in a chooser; more are listed by name alone. */
const DESCRIBED_MAX = 10;

/**
 * What can be said of organisations before one is chosen. One alone must answer, since it may be
 * connected without asking; of several, one that does not answer is named only.
 */
export function describeChoices(
  deps: ConnectionsDeps,
  scope: Scope,
  consent: AnsweredConsent,
  allowed: readonly XeroConnection[],
): Promise<Choice[]> {
  const isAlone = allowed.length === 1;
  return Promise.all(
    allowed.map(async (one, index): Promise<Choice> => {
      const known = index < DESCRIBED_MAX ? await ask(deps, scope, consent, one, isAlone) : null;
      const unknown = {
        xeroOrgId: one.xeroOrgId,
        name: one.organisationName,
        legalName: null,
        country: null,
        baseCurrency: null,
        taxNumber: null,
        isDemo: false,
      };
      return { ...(known ?? unknown), xeroConnectionId: one.id, isDescribed: known !== null };
    }),
  );
}

async function ask(
  deps: ConnectionsDeps,
  scope: Scope,
  consent: AnsweredConsent,
  { id, xeroOrgId }: XeroConnection,
  mustAnswer: boolean,
) {
  try {
    return await describe(deps, scope, { ...consent, xeroConnectionId: id, xeroOrgId });
  } catch (error) {
    if (mustAnswer) throw error;
    deps.logger.warn({ err: error }, 'an organisation could not be described');
    return null;
  }
}

/** Stores the organisations for the chooser; an older choice that nobody made makes way. */
export async function offerChoice(
  deps: ConnectionsDeps,
  scope: Scope,
  consent: AnsweredConsent,
  choices: readonly Choice[],
): Promise<Decision> {
  const now = deps.clock.now();
  const id = newId<ConnectionId>();
  return deps.database.asProvider(scope.providerId, async (tx) => {
    const older = await listConnections(tx, scope, 'xero');
    for (const one of older.filter(({ state }) => state === 'choosing')) {
      await abandonChoice(deps, tx, scope, one.id);
    }
    const connectedBy = scope.actor.name;
    await insertChoosing(tx, scope, { ...consent, id, app: 'xero', connectedBy }, now);
    await insertChoices(tx, scope, id, choices);
    await announce(tx, scope.providerId, 'connections', [id]);
    return { outcome: 'choose', connectionId: id };
  });
}
