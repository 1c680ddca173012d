import type { ApiKeyId, PersonId, ProviderId } from '#contract/ids';
import { type Permission, type Role, roleMay } from '#contract/permissions';

/** From where a request came, as the audit log keeps it. */
export interface Origin {
  /** The caller's network address, as the server saw it. */
  address: string;
  /** What kind of program it was: "Chrome on Windows", "curl". */
  agent: string;
}

/**
 * Who does something: a person, an API key, or Bursar by itself, which may only pass on what was done
 * in Xero; from where, if a request did it.
 */
export type Actor =
  | { kind: 'person'; personId: PersonId; name: string; role: Role; origin?: Origin }
  | { kind: 'api-key'; apiKeyId: ApiKeyId; name: string; role: Role; origin?: Origin }
  | { kind: 'bursar'; name: 'Bursar' | 'Xero' };

export const bursar: Actor = { kind: 'bursar', name: 'Bursar' };

/** For whom and by whom: handed to every use case, never taken from the surroundings. */
export interface Scope {
  providerId: ProviderId;
  actor: Actor;
}

/** Whether whoever acts holds a permission; what Bursar does by itself it may. */
export function actorMay({ actor }: Scope, permission: Permission): boolean {
  return !('role' in actor) || roleMay(actor.role, permission);
}

/** The same provider, for what Bursar only passes on: somebody did it in Xero. */
export function byXero(scope: Scope): Scope {
  return { ...scope, actor: { kind: 'bursar', name: 'Xero' } };
}

/** The scope of work that Bursar does by itself for one provider. */
export function ownScope(providerId: ProviderId): Scope {
  return { providerId, actor: bursar };
}
