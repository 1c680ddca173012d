import type { PersonId } from '#contract/ids';
import type { Role } from '#contract/permissions';
import { PASSWORD_LENGTH_MIN } from '#contract/sign-in';
import type { EventLog } from '#events/index';
import { AppError } from '#platform/app-error';
import type { Clock } from '#platform/clock';
import type { Database } from '#platform/database';
import type { Scope } from '#platform/scope';
import { insertMember } from './member-store.ts';
import type { SignInLibrary } from './sign-in-library.ts';

interface Deps {
  database: Database;
  clock: Clock;
  events: EventLog;
  library: SignInLibrary;
}

export interface NewPerson {
  email: string;
  name: string;
  role: Role;
  /** Used only when the person is new; someone known keeps their own. */
  password: string;
}

export interface AddedPerson {
  personId: PersonId;
  /** False: the e-mail was known, so name and password stay as they were. */
  isNewPerson: boolean;
  /** False: belonged to the provider already, so the role stays as it was. */
  isNewMember: boolean;
}

/**
 * Makes someone a member of the provider, and a person of this Bursar when the e-mail is not
 * known yet. Repeating it changes nothing.
 * @throws AppError `request.invalid` for a password that is too short
 */
export async function addPerson(deps: Deps, scope: Scope, wish: NewPerson): Promise<AddedPerson> {
  const { personId, isNewPerson } = await findOrCreatePerson(deps.library, wish);
  const isNewMember = await deps.database.asProvider(scope.providerId, async (tx) => {
    const at = deps.clock.now();
    const added = await insertMember(tx, scope, { personId, role: wish.role, at });
    if (added) {
      const { name, role } = wish;
      await deps.events.append(tx, scope, { kind: 'member.added', personId, name, role });
    }
    return added;
  });
  return { personId, isNewPerson, isNewMember };
}

async function findOrCreatePerson(
  library: SignInLibrary,
  wish: NewPerson,
): Promise<{ personId: PersonId; isNewPerson: boolean }> {
  const { internalAdapter, password } = await library.$context;
  const email = wish.email.trim().toLowerCase();
  const known = await internalAdapter.findUserByEmail(email, { includeAccounts: true });
  const hasPassword = known?.accounts.some((account) => account.providerId === 'credential');
  if (known && hasPassword) return { personId: known.user.id as PersonId, isNewPerson: false };
  if (wish.password.length < PASSWORD_LENGTH_MIN) {
    const message = `at least ${PASSWORD_LENGTH_MIN} characters`;
    throw new AppError('request.invalid', `The password needs ${message}.`, {
      extras: { fields: [{ field: 'password', message }] },
    });
  }
  const hash = await password.hash(wish.password);
  const user =
    known?.user ??
    (await internalAdapter.createUser(
      { email, name: wish.name, emailVerified: true },
      { method: 'admin' },
    ));
  await internalAdapter.linkAccount({
    userId: user.id,
    providerId: 'credential',
    accountId: user.id,
    password: hash,
  });
  return { personId: user.id as PersonId, isNewPerson: true };
}
