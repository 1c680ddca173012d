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

/** Forgets those who belong to this provider alone: name, e-mail, password, sessions. */
export async function forgetPeople(deps: Deps, providerId: ProviderId): Promise<void> {
  const { internalAdapter } = await deps.library.$context;
  for (const personId of await peopleOfOnly(deps, providerId)) {
    await internalAdapter.deleteUser(personId);
  }
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
