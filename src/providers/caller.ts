import type { PersonId, ProviderId } from '#contract/ids';
import type { Role } from '#contract/permissions';
import type { Actor, Scope } from '#platform/scope';

/** Who is asking, already known to be who they say, acting for one provider. */
export interface Caller {
  actor: Exclude<Actor, { kind: 'bursar' }>;
  providerId: ProviderId;
  role: Role;
  /** Null for an API key. */
  person: { id: PersonId; email: string } | null;
  /** Whether this sign-in was proved by a second factor; a key was made by one that was. */
  isStrong: boolean;
}

/**
 * What use cases and stores are handed of a caller. How somebody signed in stays behind: it is
 * weighed with the permission, before any of them is called.
 */
export function scopeOf(caller: Caller): Scope {
  return { providerId: caller.providerId, actor: caller.actor };
}

/** One text per caller, for counting requests and open streams. */
export function callerKey(caller: Caller): string {
  const { actor } = caller;
  return actor.kind === 'person' ? `person:${actor.personId}` : `api-key:${actor.apiKeyId}`;
}
