import { sql } from 'kysely';
import type { PersonId, ProviderId } from '#contract/ids';
import type { Database } from '#platform/database';
import type { SignInLibrary } from './sign-in-library.ts';

interface Deps {
  database: Pick<Database, 'asSystem'>;
  library: SignInLibrary;
}

/** Ends every session of those who belong to this provider alone, except one person's. */
export async function endSessions(
  deps: Deps,
  providerId: ProviderId,
  spared: PersonId | null,
): Promise<void> {
  const { internalAdapter } = await deps.library.$context;
  for (const personId of await peopleOfOnly(deps, providerId)) {
    if (personId !== spared) await internalAdapter.deleteUserSessions(personId);
  }
}

/**
 * Forgets those who belong to this provider alone, or did and belong to none since: name, e-mail,
 * password, sessions. It reads the provider's log of events, so it comes before that is erased.
 */
export async function forgetPeople(deps: Deps, providerId: ProviderId): Promise<void> {
  const { internalAdapter } = await deps.library.$context;
  const people = await peopleOfOnly(deps, providerId);
  for (const personId of [...people, ...(await peopleWhoLeft(deps, providerId))]) {
    await internalAdapter.deleteUser(personId);
  }
}

/** Those who were members of this provider once and are members nowhere now. */
function peopleWhoLeft(deps: Deps, providerId: ProviderId): Promise<PersonId[]> {
  return deps.database.asSystem(async (tx) => {
    const rows = await tx
      .selectFrom('events')
      .select('subject_id')
      .distinct()
      .where('provider_id', '=', providerId)
      .where('subject_kind', '=', 'person')
      .where('kind', '=', 'member.added')
      .where(({ not, exists, selectFrom }) =>
        not(
          exists(
            selectFrom('members')
              .select('members.person_id')
              .whereRef('members.person_id', '=', 'events.subject_id'),
          ),
        ),
      )
      .execute();
    return rows.map((row) => row.subject_id as PersonId);
  });
}

function peopleOfOnly(deps: Deps, providerId: ProviderId): Promise<PersonId[]> {
  return deps.database.asSystem(async (tx) => {
    const rows = await tx
      .selectFrom('members')
      .select('person_id')
      .groupBy('person_id')
      .having(sql<boolean>`bool_and(provider_id = ${providerId})`)
      .where('person_id', 'in', ({ selectFrom }) =>
        selectFrom('members as here')
          .select('here.person_id')
          .where('here.provider_id', '=', providerId),
      )
      .execute();
    return rows.map((row) => row.person_id as PersonId);
  });
}
