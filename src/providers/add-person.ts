import type { PersonId } from '#contract/ids';
import { type Role, roleNames } from '#contract/permissions';
import { PASSWORD_LENGTH_MIN } from '#contract/sign-in';
import type { EventLog } from '#events/index';
import { AppError } from '#platform/app-error';
import type { Clock } from '#platform/clock';
import type { Database } from '#platform/database';
import type { Scope } from '#platform/scope';
import { insertMember } from './member-store.ts';
import { allMemberships } from './own-account.ts';
import type { SignInLibrary } from './sign-in-library.ts';

/** How many providers of somebody are named. */
const PLACES_NAMED = 10;

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
  /** Used only when the person has none yet; who has one keeps it. */
  password: string;
  /** Refuses an e-mail that somebody has claimed, unless they belong to the provider already. */
  mustBeNew?: boolean;
}

export interface AddedPerson {
  personId: PersonId;
  /** As the account has it, which is kept where the e-mail was known. */
  name: string;
  /** Whether it was shown, by a mail or by those who run Bursar, that the e-mail is theirs. */
  isEmailShown: boolean;
  /** False: the e-mail was known, so the name and every way in stay as they were. */
  isNewPerson: boolean;
  /** Whether the password is the one given. */
  hasNewPassword: boolean;
  /** False: belonged to the provider already, so the role stays as it was. */
  isNewMember: boolean;
}

type Made = Omit<AddedPerson, 'isNewMember'>;

/**
 * Makes someone a member of the provider, and a person of this Bursar when the e-mail is not
 * known yet. Repeating it changes nothing.
 * @throws AppError `person.known`, `request.invalid` for a password that is too short
 */
export async function addPerson(deps: Deps, scope: Scope, wish: NewPerson): Promise<AddedPerson> {
  const made = await findOrCreatePerson(deps, scope, wish);
  const { personId, name } = made;
  const isNewMember = await deps.database.asProvider(scope.providerId, async (tx) => {
    const at = deps.clock.now();
    const added = await insertMember(tx, scope, { personId, role: wish.role, at });
    if (added) {
      const { role } = wish;
      await deps.events.append(tx, scope, { kind: 'member.added', personId, name, role });
    }
    return added;
  });
  return { ...made, isNewMember };
}

async function findOrCreatePerson(deps: Deps, scope: Scope, wish: NewPerson): Promise<Made> {
  const { internalAdapter, password } = await deps.library.$context;
  const email = wish.email.trim().toLowerCase();
  const known = await internalAdapter.findUserByEmail(email, { includeAccounts: true });
  if (known && wish.mustBeNew) await refuseStranger(deps, scope, known.user);
  const hasPassword = known?.accounts.some((account) => account.providerId === 'credential');
  if (known && hasPassword) return describe(known.user, { isNew: false, hasNewPassword: false });
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
  return describe(user, { isNew: !known, hasNewPassword: true });
}

interface Account {
  id: string;
  email: string;
  name: string;
  emailVerified: boolean;
}

/** An account may be a stranger's who claimed the e-mail first, so it is given no rights unseen. */
async function refuseStranger(deps: Deps, scope: Scope, account: Account): Promise<void> {
  const all = await allMemberships(deps, account.id as PersonId);
  if (all.some(({ providerId }) => providerId === scope.providerId)) return;
  const places = all
    .slice(0, PLACES_NAMED)
    .map(({ providerName, role }) => `${providerName} (${roleNames[role]})`);
  const more = all.length > PLACES_NAMED ? ` and ${all.length - PLACES_NAMED} more` : '';
  const where = places.length > 0 ? `of ${places.join(', ')}${more}` : 'who works nowhere now';
  const shown = account.emailVerified ? '' : ' Nobody has shown that this address is theirs.';
  const detail = `${account.email} is “${account.name}” ${where}.${shown}`;
  throw new AppError('person.known', detail);
}

function describe(account: Account, more: { isNew: boolean; hasNewPassword: boolean }): Made {
  return {
    personId: account.id as PersonId,
    name: account.name,
    isEmailShown: account.emailVerified,
    isNewPerson: more.isNew,
    hasNewPassword: more.hasNewPassword,
  };
}
