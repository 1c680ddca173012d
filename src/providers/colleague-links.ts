import type { ColleagueLinks } from '#contract/connect-invitations';
import type { EventLog } from '#events/index';
import type { Database } from '#platform/database';
import type { Scope } from '#platform/scope';
import { setColleagueLinks } from './provider-store.ts';

/** Sets who may follow a link to connect: anybody, or members of the provider alone. */
export async function setLinkPolicy(
  { database, events }: { database: Database; events: EventLog },
  scope: Scope,
  policy: ColleagueLinks,
): Promise<void> {
  await database.asProvider(scope.providerId, async (tx) => {
    if (!(await setColleagueLinks(tx, scope, policy))) return;
    await events.append(tx, scope, { kind: 'connection.link-policy-set', policy });
  });
}
