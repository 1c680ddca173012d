import { ProviderId } from '#contract/ids';
import { AppError } from '#platform/app-error';
import type { Clock } from '#platform/clock';
import type { Database } from '#platform/database';
import { hashKey, keyOfHeader } from './api-key.ts';
import { useKey } from './api-key-store.ts';
import type { Caller } from './caller.ts';
import type { SessionCookie } from './library-call.ts';
import { type MembershipRow, membershipsOf } from './member-store.ts';
import type { Sessions, SignedInPerson } from './session.ts';

/** What a request brings to say who is asking. */
export interface Credentials {
  authorization: string | undefined;
  sessionCookie: string | undefined;
  /** Which of several providers a person works for; a key has only its own. */
  provider: string | undefined;
}

export interface Authenticated {
  caller: Caller;
  renewed: SessionCookie | null;
}

/**
 * Finds out who is asking. A key goes before a cookie; a bad key is refused rather than passed
 * over. Without a provider named, a person works for the one they have belonged to longest.
 * @throws AppError `session.missing`, `session.no-provider`, `api-key.invalid`
 */
export type Authenticate = (credentials: Credentials) => Promise<Authenticated>;

/**
 * Memberships and keys are read in a transaction of the system, since only they say for which
 * provider somebody asks.
 */
export function createAuthenticate(deps: {
  database: Database;
  clock: Clock;
  sessions: Sessions;
}): Authenticate {
  return async (credentials) => {
    if (credentials.authorization !== undefined) {
      const caller = await callerOfKey(deps.database, deps.clock, credentials.authorization);
      if (credentials.provider !== undefined && credentials.provider !== caller.providerId) {
        throw new AppError('session.no-provider', 'This API key belongs to another provider.');
      }
      return { caller, renewed: null };
    }
    const person = credentials.sessionCookie
      ? await deps.sessions.personOf(credentials.sessionCookie)
      : null;
    if (!person) throw new AppError('session.missing');
    const memberships = await deps.database.asSystem((tx) => membershipsOf(tx, person.id));
    const membership = choose(memberships, credentials.provider);
    return { caller: callerOfPerson(person, membership), renewed: person.renewed };
  };
}

async function callerOfKey(
  database: Database,
  clock: Clock,
  authorization: string,
): Promise<Caller> {
  const text = keyOfHeader(authorization);
  const key = text ? await database.asSystem((tx) => useKey(tx, hashKey(text), clock.now())) : null;
  if (!key) throw new AppError('api-key.invalid');
  return {
    actor: { kind: 'api-key', apiKeyId: key.id, name: key.name, role: key.role },
    providerId: key.providerId,
    role: key.role,
    person: null,
    isStrong: true,
  };
}

function choose(memberships: MembershipRow[], wanted: string | undefined): MembershipRow {
  const id = wanted === undefined ? undefined : ProviderId.safeParse(wanted).data;
  const chosen =
    wanted === undefined ? memberships[0] : memberships.find((one) => one.providerId === id);
  if (!chosen) throw new AppError('session.no-provider');
  return chosen;
}

function callerOfPerson(person: SignedInPerson, membership: MembershipRow): Caller {
  return {
    actor: { kind: 'person', personId: person.id, name: person.name, role: membership.role },
    providerId: membership.providerId,
    role: membership.role,
    person: { id: person.id, email: person.email },
    isStrong: person.isStrong,
  };
}
