import type { ApiKeyId } from '#contract/ids';
import { type Role, roleNames } from '#contract/permissions';
import type { ApiKey } from '#contract/providers';
import type { EventLog } from '#events/index';
import { AppError } from '#platform/app-error';
import type { Clock } from '#platform/clock';
import type { Database } from '#platform/database';
import { newId } from '#platform/ids';
import type { Scope } from '#platform/scope';
import { makeKey, mayMakeKeyFor } from './api-key.ts';
import { API_KEYS_MAX, countApiKeys, insertApiKey, revokeKey } from './api-key-store.ts';
import { lockMembersFor } from './permission.ts';

interface Deps {
  database: Database;
  clock: Clock;
  events: EventLog;
}

/**
 * Makes an API key. The key's text is in this answer alone: only its hash is kept.
 * @throws AppError `permission.missing` for a role above the maker's or who may make keys no more,
 *   `request.invalid` when the provider has as many keys as it may have
 */
export async function createApiKey(
  deps: Deps,
  scope: Scope,
  wish: { name: string; role: Role },
): Promise<{ apiKey: ApiKey; key: string }> {
  const { key, hash, prefix } = makeKey();
  const id = newId<ApiKeyId>();
  const at = deps.clock.now();
  await deps.database.asProvider(scope.providerId, async (tx) => {
    // Held, so that whoever takes the maker out finds the key, or the key finds no maker any more.
    const { role } = await lockMembersFor(tx, scope, 'api-keys.manage');
    if (role !== null && !mayMakeKeyFor(role, wish.role)) {
      const detail = `A key may not do more than its maker: you can’t make one for ${roleNames[wish.role]}.`;
      throw new AppError('permission.missing', detail);
    }
    if ((await countApiKeys(tx, scope)) >= API_KEYS_MAX) {
      const detail = `There are ${API_KEYS_MAX} active API keys already; revoke one first.`;
      throw new AppError('request.invalid', detail);
    }
    await insertApiKey(tx, scope, { id, ...wish, hash, prefix, at });
    await deps.events.append(tx, scope, { kind: 'api-key.created', apiKeyId: id, ...wish });
  });
  return {
    apiKey: { id, ...wish, prefix, createdAt: at.toISOString(), lastUsedAt: null },
    key,
  };
}

/**
 * Revokes an API key at once.
 * @throws AppError `request.not-found` when this provider has no such active key
 */
export async function revokeApiKey(deps: Deps, scope: Scope, id: ApiKeyId): Promise<void> {
  await deps.database.asProvider(scope.providerId, async (tx) => {
    const name = await revokeKey(tx, scope, id, deps.clock.now());
    if (name === null) throw new AppError('request.not-found');
    await deps.events.append(tx, scope, { kind: 'api-key.revoked', apiKeyId: id, name });
  });
}
